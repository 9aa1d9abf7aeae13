// tongban.js: three small comforts; every page works without them.
// 1 form[data-autosave=URL] saves the draft while one types; 2 a form is not sent twice; 3 [data-copy] copies.
// No syntax newer than Chromium 69.
(function () {
  'use strict';
  var all = function (selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); };

  all('form[data-autosave]').forEach(function (form) {
    var status = form.querySelector('[data-autosave-status]');
    var timer = 0;
    var say = function (text) { if (status) { status.textContent = text || ''; } };
    var save = function () {
      var body = new URLSearchParams();
      new FormData(form).forEach(function (value, name) { if (typeof value === 'string') { body.append(name, value); } });
      fetch(form.getAttribute('data-autosave'), { method: 'POST', body: body, credentials: 'same-origin', redirect: 'error' })
        .then(function (answer) { say(form.getAttribute(answer.ok ? 'data-saved' : 'data-failed')); })
        .catch(function () { say(form.getAttribute('data-failed')); });
    };
    form.addEventListener('input', function () { clearTimeout(timer); timer = setTimeout(save, 1500); });
    form.addEventListener('submit', function () { clearTimeout(timer); });
  });

  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.method !== 'post') { return; }
    if (form.getAttribute('data-sent')) { event.preventDefault(); return; }
    form.setAttribute('data-sent', '1');
    // aria-disabled and not disabled: the pressed button's name and value must still be sent
    Array.prototype.slice.call(form.querySelectorAll('button[type=submit]')).forEach(function (b) { b.setAttribute('aria-disabled', 'true'); });
  });
  // a page that comes back from the browser's memory may be sent again
  window.addEventListener('pageshow', function () {
    all('form[data-sent]').forEach(function (form) {
      form.removeAttribute('data-sent');
      Array.prototype.slice.call(form.querySelectorAll('[aria-disabled]')).forEach(function (b) { b.removeAttribute('aria-disabled'); });
    });
  });

  if (navigator.clipboard) {
    all('[data-copy]').forEach(function (button) {
      button.hidden = false;
      button.addEventListener('click', function () {
        var text = document.getElementById(button.getAttribute('data-copy')).textContent.trim();
        navigator.clipboard.writeText(text).then(function () { button.textContent = button.getAttribute('data-copied'); });
      });
    });
  }

  // Escape closes an open menu and gives the focus back
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape') { return; }
    all('details.menu[open]').forEach(function (menu) { menu.open = false; menu.querySelector('summary').focus(); });
  });
})();
