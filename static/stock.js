/* Datasette's SQL editor writes style sheets and style attributes as text, which the Content-Security-Policy stops. Here
   its sheets get the nonce of the page, and its attributes are set in the way that the policy leaves to scripts. */
"use strict";

{
  const { nonce } = document.currentScript;

  const createElement = Document.prototype.createElement;
  Document.prototype.createElement = function (...given) {
    const element = createElement.apply(this, given);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };

  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style") this.style.cssText = value;
    else setAttribute.call(this, name, value);
  };
}
