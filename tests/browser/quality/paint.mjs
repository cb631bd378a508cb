// What is painted: colours as the screen shows them, with every layer below and every opacity on the way, and boxes.
// `measure` runs in the page.

/** Every visible part of the element: {part, text, ground, border, bar, ring?, box, cut}. Colours are [red, green, blue]. */
export function measure() {
  const context = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const read = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return {rgb: [red, green, blue], alpha: alpha / 255};
  };
  const over = (below, {rgb, alpha}, opacity = 1) => below.map((value, at) => value + (rgb[at] - value) * alpha * opacity);
  const parentOf = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;
  const chain = (node) => (node ? [...chain(parentOf(node)), node] : []);
  const canvas = () => read('Canvas').rgb;

  /** What is behind the text of a node, and how much of a colour on it is left. */
  const behind = (node) => {
    let opacity = 1;
    let ground = canvas();
    for (const one of chain(node)) {
      const style = getComputedStyle(one);
      opacity *= Number(style.opacity);
      ground = over(ground, read(style.backgroundColor), opacity);
    }
    return {ground, opacity};
  };

  const root = document.querySelector('github-sign-in').shadowRoot;
  return [...root.querySelectorAll('[part]')].filter((node) => node.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}))
      .map((node) => {
        const style = getComputedStyle(node);
        const {ground, opacity} = behind(node);
        const {ground: around} = behind(parentOf(node));
        const {left, top, right, bottom, width, height} = node.getBoundingClientRect();
        const border = ['Top', 'Right', 'Bottom', 'Left'].map((side) => ({
          width: parseFloat(style[`border${side}Width`]), colour: over(around, read(style[`border${side}Color`]), opacity)}));
        return {
          part: node.getAttribute('part'),
          words: [...node.childNodes].some(({nodeType, data}) => nodeType === Node.TEXT_NODE && data.trim()),
          acts: node.matches('button, a[href], [role=menuitem]'),
          disabled: node.ariaDisabled === 'true' || !!node.closest('[aria-disabled=true]'),
          colour: over(ground, read(style.color), opacity),
          ground,
          around,
          border,
          outline: {width: parseFloat(style.outlineWidth), style: style.outlineStyle, colour: over(around, read(style.outlineColor))},
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

/** How far anything stands out of the window sideways, one line each: a name and the pixels. `measure` of the whole page. */
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
  if (document.scrollingElement.scrollWidth > document.documentElement.clientWidth) out.push(`the page is ${document.scrollingElement.scrollWidth} wide`);
  return out;
}
