"use strict";

// The search: first the names that begin with the typed text, then names with a word that begins with it, then the others.
(function () {
  var root = document.body.dataset.root;
  var input = document.getElementById("search");
  var list = document.getElementById("results");
  var found = document.getElementById("found");
  var MOST = 30;
  var KINDS = ["table", "view", "statement", "column"];
  var chosen = -1;
  var shown = [];

  function rank(name, words) {
    var total = 0;
    for (var i = 0; i < words.length; i += 1) {
      var at = name.indexOf(words[i]);
      if (at < 0) { return -1; }
      if (name === words[i]) { continue; }
      if (at === 0) { total += 1; continue; }
      var begins = /[^a-z0-9]/.test(name.charAt(at - 1));
      total += begins ? 2 : 3;
    }
    return total;
  }

  function search(text) {
    var words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) { return []; }
    var hits = [];
    PYDB_INDEX.forEach(function (entry, place) {
      var score = rank(entry[0].toLowerCase(), words);
      if (score < 0 && rank(entry[3].toLowerCase(), words) >= 0) { score = 50; }
      if (score < 0) { return; }
      var kind = KINDS.indexOf(entry[1]);
      hits.push([score, kind < 0 ? KINDS.length : kind, entry[0].length, place, entry]);
    });
    hits.sort(function (a, b) { return a[0] - b[0] || a[2] - b[2] || a[1] - b[1] || a[3] - b[3]; });
    return hits.map(function (hit) { return hit[4]; });
  }

  function element(tag, text, name) {
    var made = document.createElement(tag);
    made.textContent = text;
    if (name) { made.className = name; }
    return made;
  }

  function choose(place) {
    chosen = place;
    Array.prototype.forEach.call(list.children, function (item, at) {
      item.setAttribute("aria-selected", at === place ? "true" : "false");
      if (at === place) { item.scrollIntoView({ block: "nearest" }); }
    });
    if (place >= 0) { input.setAttribute("aria-activedescendant", "result-" + place); }
    else { input.removeAttribute("aria-activedescendant"); }
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function show() {
    var hits = search(input.value);
    shown = hits.slice(0, MOST);
    list.replaceChildren();
    shown.forEach(function (entry, at) {
      var item = element("li", "");
      item.id = "result-" + at;
      item.setAttribute("role", "option");
      item.append(element("span", entry[1], "what"), element("span", entry[0]));
      if (entry[3]) { item.append(element("span", entry[3], "about")); }
      item.addEventListener("mousedown", function (event) { event.preventDefault(); go(at); });
      list.append(item);
    });
    found.textContent = input.value.trim() ? (hits.length || "no") + (hits.length === 1 ? " result" : " results") : "";
    if (!input.value.trim()) { close(); return; }
    if (!shown.length) { list.append(element("li", "No results.", "about")); }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    choose(shown.length ? 0 : -1);
  }

  function go(place) {
    if (shown[place]) { location.href = root + shown[place][2]; close(); }
  }

  input.disabled = false;
  input.addEventListener("input", show);
  input.addEventListener("focus", function () { if (input.value.trim()) { show(); } });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", function (event) {
    if (event.isComposing) { return; }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { show(); return; }
      var step = event.key === "ArrowDown" ? 1 : -1;
      if (shown.length) { choose((chosen + step + shown.length) % shown.length); }
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(chosen);
    } else if (event.key === "Escape") {
      if (list.hidden) { input.value = ""; input.blur(); } else { close(); }
    }
  });
  document.addEventListener("keydown", function (event) {
    var writes = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !writes && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
}());

// The diagrams: if a table has the pointer or the focus, all tables except this one and its neighbours are dimmed.
(function () {
  function lit(svg, name) {
    var near = new Set([name]);
    svg.querySelectorAll(".line").forEach(function (line) {
      var ends = [line.dataset.child, line.dataset.parent];
      var on = ends.indexOf(name) >= 0;
      line.classList.toggle("on", on);
      if (on) { ends.forEach(function (end) { near.add(end); }); }
    });
    // Boxes have a row in place of a line to a hub.
    svg.querySelectorAll(".box").forEach(function (box) {
      box.querySelectorAll(".hub").forEach(function (row) {
        var hub = row.textContent.replace(/^→ /, "");
        if (hub === name) { near.add(box.dataset.table); }
        if (box.dataset.table === name) { near.add(hub); }
      });
    });
    svg.querySelectorAll(".box").forEach(function (box) { box.classList.toggle("on", near.has(box.dataset.table)); });
    svg.classList.add("dim");
  }
  document.querySelectorAll("#whole").forEach(function (svg) {
    svg.querySelectorAll(".box").forEach(function (box) {
      ["mouseenter", "focus"].forEach(function (name) {
        box.addEventListener(name, function () { lit(svg, box.dataset.table); });
      });
      ["mouseleave", "blur"].forEach(function (name) {
        box.addEventListener(name, function () { svg.classList.remove("dim"); });
      });
    });
  });
}());

// Before printing, open all details.
window.addEventListener("beforeprint", function () {
  document.querySelectorAll("details").forEach(function (details) { details.open = true; });
});
