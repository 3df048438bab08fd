"""Does employee experience drive customer experience, here, how strongly, and how sure are we?"""
