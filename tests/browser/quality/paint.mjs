// What is painted: colours as the screen shows them, with every layer below and every opacity on the way, and boxes.

/**
 * Every visible part of the element: `colour` of its words, `ground` below them, `around` it, `border`, `outline`, `box`,
 * and whether it has `words`, `acts`, is `disabled` or `cut`. Colours are [red, green, blue]. Runs in the page.
 */
export function measure() {
  const context = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const read = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return {rgb: [red, green, blue], alpha: alpha / 255};
  };
  const clear = {rgb: [0, 0, 0], alpha: 0};
  const over = (above, below) => {
    const alpha = above.alpha + below.alpha * (1 - above.alpha);
    const mix = (value, at) => (value * above.alpha + below.rgb[at] * below.alpha * (1 - above.alpha)) / (alpha || 1);
    return {rgb: above.rgb.map(mix), alpha};
  };
  const parentOf = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;

  /** What the screen shows where a node paints this colour on its own ground (or, `outside`, beside it). */
  const paint = (node, colour, outside = false) => {
    let layer = colour;
    for (let one = node; one; one = parentOf(one)) {
      const style = getComputedStyle(one);
      if (!outside || one !== node) layer = over(layer, read(style.backgroundColor));
      layer = {rgb: layer.rgb, alpha: layer.alpha * Number(style.opacity)};
    }
    return over(layer, read('Canvas')).rgb;
  };

  const root = document.querySelector('github-sign-in').shadowRoot;
  return [...root.querySelectorAll('[part], span')].filter((node) => node.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}))
      .map((node) => {
        const style = getComputedStyle(node);
        const {left, top, right, bottom, width, height} = node.getBoundingClientRect();
        const border = ['Top', 'Right', 'Bottom', 'Left'].map((side) => ({
          width: parseFloat(style[`border${side}Width`]), colour: paint(node, read(style[`border${side}Color`]))}));
        return {
          part: node.getAttribute('part') ?? node.parentElement.getAttribute('part'),
          words: [...node.childNodes].some(({nodeType, data}) => nodeType === Node.TEXT_NODE && data.trim()),
          acts: node.matches('button, a[href], [role=menuitem]'),
          disabled: node.ariaDisabled === 'true' || !!node.closest('[aria-disabled=true]'),
          colour: paint(node, read(style.color)),
          ground: paint(node, clear),
          around: paint(parentOf(node), clear),
          border,
          outline: {width: parseFloat(style.outlineWidth), style: style.outlineStyle, colour: paint(node, read(style.outlineColor), true)},
          box: {left, top, right, bottom, width, height},
          cut: style.overflowX !== 'visible' && style.textOverflow !== 'ellipsis' && node.scrollWidth > node.clientWidth + 1,
        };
      });
}

const luminance = (rgb) => {
  const [red, green, blue] = rgb.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** The contrast of two colours, 1 to 21 (WCAG 2.2). */
export const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

/** What stands out of the window sideways, one line each: a name and the pixels. Runs in the page. */
export function sticksOut() {
  const out = [];
  const scrolls = (node) => node && (/auto|scroll|hidden|clip/.test(getComputedStyle(node).overflowX) && node !== document.body &&
      node !== document.documentElement || scrolls(node.parentElement ?? node.getRootNode().host));
  const visit = (root) => {
    for (const node of root.querySelectorAll('*')) {
      if (node.shadowRoot) visit(node.shadowRoot);
      if (!node.checkVisibility({checkVisibilityCSS: true}) || scrolls(node.parentElement)) continue;
      const {left, right, width} = node.getBoundingClientRect();
      if (width && (left < -0.5 || right > document.documentElement.clientWidth + 0.5)) {
        out.push(`${node.localName}.${node.getAttribute('part') ?? node.className}: ${Math.round(left)} to ${Math.round(right)}`);
      }
    }
  };
  visit(document);
  const {scrollWidth, clientWidth} = document.documentElement;
  if (scrollWidth > clientWidth) out.push(`the page is ${scrollWidth} wide`);
  return out;
}
