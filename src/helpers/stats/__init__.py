"""Pure statistics: frames in, tidy frames out. Nothing here reads a file or draws."""
