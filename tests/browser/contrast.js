// Contrast of everything drawn on the page against what lies behind it, as WCAG 2.2 defines it.
() => {
  const rgba = text => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number)
    return { r, g, b, a }
  }
  const over = (top, below) => {
    const mix = name => top.a * top[name] + (1 - top.a) * below[name]
    return { r: mix('r'), g: mix('g'), b: mix('b'), a: 1 }
  }
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map(v => v / 255).map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  }
  const opacity = one => {
    let all = 1
    for (let at = one; at && at.tagName !== 'svg'; at = at.parentElement) all *= Number(getComputedStyle(at).opacity)
    return all
  }
  const paint = (one, name) => {
    const style = getComputedStyle(one)
    if (style[name] === 'none' || (name === 'stroke' && parseFloat(style.strokeWidth) === 0)) return null
    const colour = rgba(style[name])
    return { ...colour, a: colour.a * Number(style[`${name}Opacity`]) * opacity(one) }
  }
  const backdrop = one => {
    const layers = []
    for (let at = one; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor))
    return layers.reverse().reduce((below, top) => over(top, below), { r: 255, g: 255, b: 255, a: 1 })
  }
  const shapes = svg => [...svg.querySelectorAll('path, rect, circle, line, polygon, polyline, ellipse')]
    .filter(shape => shape.checkVisibility() && !shape.closest('defs'))
  const filledAt = (shape, x, y) => {
    const point = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse())
    return shape.isPointInFill(point)
  }
  const behind = (text, svg) => {
    const box = text.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2
    return shapes(svg)
      .filter(shape => shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)
      .filter(shape => paint(shape, 'fill') && filledAt(shape, x, y))
      .reduce((below, shape) => over(paint(shape, 'fill'), below), backdrop(svg))
  }
  // What a mark looks like is said where it is defined.
  const defined = shape => (shape.tagName === 'use' ? document.querySelector(shape.getAttribute('href')) : shape)
  const drawn = { text: [], graphics: [] }
  for (const svg of document.querySelectorAll('svg[role=img]')) {
    if (!svg.checkVisibility()) continue
    for (const text of svg.querySelectorAll('text')) {
      const below = behind(text, svg), colour = paint(text, 'fill')
      drawn.text.push({ what: text.textContent, ratio: ratio(over(colour, below), below) })
    }
    for (const shape of [...shapes(svg), ...svg.querySelectorAll('use')]) {
      // Grid lines and the scale below a bar only guide the eye; paper around a mark is no mark.
      const mark = defined(shape)
      if (/--(line|paper|card)\b/.test(mark.getAttribute('style'))) continue
      const below = backdrop(svg), stroke = paint(mark, 'stroke')
      const fill = mark.tagName === 'line' ? null : paint(mark, 'fill')
      // A faint band only repeats the interval that the table gives.
      const marks = [stroke, fill && fill.a >= 0.5 ? fill : null].filter(Boolean)
      if (!marks.length) continue
      const best = Math.max(...marks.map(colour => ratio(over(colour, below), below)))
      drawn.graphics.push({ what: shape.outerHTML.slice(0, 200), ratio: best })
    }
  }
  return drawn
}
