// Keeps what is typed in a form until it is saved: in this browser only, for fourteen days. Nothing is sent anywhere.
"use strict";
(() => {
  const days = 14;
  const prefix = "grip-concept:";
  const read = (key) => {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  };
  const drop = (key) => { try { localStorage.removeItem(key); } catch { /* no storage: nothing was kept */ } };

  // What is too old goes, whichever form it was of.
  const sweep = () => {
    const keys = [];
    try {
      for (let at = 0; at < localStorage.length; at += 1) keys.push(localStorage.key(at));
    } catch { return; }
    for (const key of keys.filter((key) => key.startsWith(prefix))) {
      const kept = read(key);
      if (!kept || !(Date.now() - kept.at < days * 86400000)) drop(key);
    }
  };

  // Who writes is not kept, and of what is hidden only the version that was looked at.
  const fields = (form) => [...form.elements].filter((field) =>
    field.name && field.name !== "naam" && (field.type !== "hidden" || field.name === "versie"));

  const typed = (form) => fields(form)
    .filter((field) => field.type !== "checkbox" || field.checked)
    .map((field) => [field.name, field.value]);

  const fill = (form, values) => {
    for (const field of fields(form)) {
      const own = values.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox") field.checked = own.includes(field.value);
      else if (own.length > 0) field.value = own[0];
    }
  };

  const notice = (form, key, before) => {
    const make = (name, className) => Object.assign(document.createElement(name), { className });
    const place = make("div", "utrecht-alert utrecht-alert--info");
    const content = make("div", "utrecht-alert__content");
    const message = make("div", "utrecht-alert__message");
    message.setAttribute("role", "status");
    const text = make("p", "nl-paragraph");
    text.textContent = form.dataset.restored;
    const button = make("button", "nl-button nl-button--primary");
    button.type = "button";
    button.textContent = form.dataset.discard;
    button.addEventListener("click", () => {
      drop(key);
      fill(form, before);
      place.remove();
      fields(form).find((field) => field.type !== "hidden")?.focus();
    });
    message.append(text);
    content.append(message, button);
    place.append(content);
    form.before(place);
  };

  const follow = (form) => {
    const key = prefix + form.dataset.draft;
    const before = typed(form);
    const kept = read(key);
    // A form that came back with faults holds what was typed last.
    const again = form.hasAttribute("data-again");
    if (kept && !again && JSON.stringify(kept.values) !== JSON.stringify(before)) {
      fill(form, kept.values);
      notice(form, key, before);
    }
    const keep = () => {
      const values = typed(form);
      if (!again && JSON.stringify(values) === JSON.stringify(before)) { drop(key); return; }
      try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), values })); } catch { /* full or forbidden */ }
    };
    if (again) keep();
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    form.addEventListener("submit", () => {
      try {
        const now = read(key);
        if (now) localStorage.setItem(key, JSON.stringify({ ...now, sent: true }));
      } catch { /* full or forbidden */ }
    });
  };

  sweep();
  for (const saved of document.querySelectorAll("[data-saved]")) {
    for (const name of saved.dataset.saved.split(" ")) {
      const key = prefix + name;
      if (read(key)?.sent) drop(key);
    }
  }
  for (const form of document.querySelectorAll("form[data-draft]")) follow(form);
})();
