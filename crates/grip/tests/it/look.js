// Looks at the page as it is shown now, and answers what is wrong with it, a line each.
async (mode) => {
  const wrong = [];
  // What is folded away is looked at too.
  for (const folded of document.querySelectorAll('details')) folded.open = true;
  if (mode === 'menu') document.getElementById('menu').showPopover();
  const say = (what, element) => {
    const tag = element.cloneNode(false).outerHTML;
    const text = (element.textContent ?? '').trim().slice(0, 40);
    wrong.push(`${mode}: ${what}: ${tag.slice(0, 160)} ${text}`);
  };
  const rules = mode === 'dark'
    ? { type: 'rule', values: ['color-contrast'] }
    : { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
  if (mode !== 'zoom' && mode !== 'spacing') {
    const found = await axe.run({ runOnly: rules, resultTypes: ['violations'] });
    for (const rule of found.violations) {
      for (const node of rule.nodes) wrong.push(`${mode}: ${rule.id}: ${node.html.slice(0, 200)}`);
    }
  }
  // WCAG 1.4.10 and 1.4.4: the page itself never scrolls sideways.
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const inside = (element) => element.closest('.utrecht-table-container, svg') !== null;
    const wide = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && box.right > width + 1 && !inside(element);
    });
    say(`is wider than ${width}`, wide.at(-1) ?? document.body);
  }
  if (mode === 'wide' || mode === 'narrow') {
    // WCAG 2.4.7 and 2.4.11: where the keyboard is can be seen, and is not behind something. One of each sort.
    const sorts = new Map();
    for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')) {
      if (!element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })) continue;
      const sort = `${element.tagName} ${element.getAttribute('class')} ${element.parentElement.tagName} ${element.parentElement.className}`;
      if (!sorts.has(sort)) sorts.set(sort, element);
    }
    for (const element of sorts.values()) {
      element.focus();
      if (document.activeElement !== element) { say('takes no focus', element); continue; }
      const shows = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
      const hover = element.querySelector('.c-hover');
      const marked = hover !== null && parseFloat(getComputedStyle(hover).strokeWidth) >= 2 && getComputedStyle(hover).stroke !== 'none';
      if (!shows(getComputedStyle(element)) && !marked) say('does not show that it has the focus', element);
      if (element.closest('svg') !== null) continue;
      const box = element.getClientRects()[0];
      // Of what is larger than the screen, the middle of what is on it.
      const middle = (from, to, screen) => (Math.max(from, 0) + Math.min(to, screen)) / 2;
      const height = middle(box.top, box.bottom, innerHeight);
      const points = [0.1, 0.5, 0.9].map((part) => document.elementFromPoint(box.x + box.width * part, height));
      if (!points.some((at) => at !== null && (element.contains(at) || at.contains(element)))) {
        say(`is behind ${points.map((at) => at?.tagName).join(' ')}`, element);
      }
    }
    document.activeElement?.blur();
    window.scrollTo(0, 0);
  }
  if (document.getAnimations().length > 0) wrong.push(`${mode}: something moves`);
  return wrong;
}
