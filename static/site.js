/* Every page works without this file; it closes menus, names the SQL editor, adds copy buttons and, for Datasette 1.0,
   opens the list of columns. */
"use strict";

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.nav-menu[open], details.actions-menu-links[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.querySelector(".choose-columns-mobile")?.addEventListener("click", () => openColumnChooser());

window.addEventListener("load", () => {
  // Datasette's editor is made when the page has loaded and hides its text box from no one but leaves it without a name.
  // It is CodeMirror 5 in Datasette 0.65 and CodeMirror 6 in Datasette 1.0.
  setTimeout(() => {
    const editor = document.querySelector(".CodeMirror textarea, .cm-content");
    if (editor) editor.setAttribute("aria-label", "SQL query");
  }, 0);
});

// The clipboard exists only where the site is served over https or from the reader's own machine.
for (const block of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  block.before(button);
}
