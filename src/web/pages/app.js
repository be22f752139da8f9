// What every page does: it says that it is open, follows a sitting, and takes a file that is dropped.

const one = (selector) => document.querySelector(selector);
const announce = (text) => { one('#announced').textContent = text; };

// The program ends when no page has said for a while that it is open.
setInterval(() => fetch('/alive').catch(() => {}), 30_000);

// A choice that is made in a field is the choice that counts.
for (const field of document.querySelectorAll('[data-chooses]')) {
  field.addEventListener('input', () => { one(`[name=what][value=${field.dataset.chooses}]`).checked = true; });
}

// Which microphones there are is looked up now: they come and go.
for (const select of document.querySelectorAll('[data-options]')) {
  fetch(select.dataset.options).then(async (answer) => {
    if (answer.ok) select.innerHTML = await answer.text();
  }).catch(() => {});
}

// A download is followed until it is whole, which leads on, or has failed.
const progress = one('[data-progress]');
if (progress) {
  const following = setInterval(async () => {
    const answer = await fetch(progress.dataset.progress).catch(() => undefined);
    if (!answer) return;
    if (answer.status === 204) { location.assign('/'); return; }
    progress.innerHTML = await answer.text();
    if (!progress.querySelector('progress')) {
      clearInterval(following);
      announce(progress.textContent);
    }
  }, 500);
}

const check = one('[data-check]');
check?.addEventListener('click', async () => {
  const heard = one('#heard');
  heard.textContent = 'Listening for a moment …';
  check.disabled = true;
  try {
    const body = new URLSearchParams({ device: one('#device').value });
    const answer = await fetch(check.dataset.check, { method: 'POST', body });
    if (!answer.ok) throw new Error(await reason(answer));
    const { device, verdict, hint, is_ok } = await answer.json();
    heard.textContent = `${device}: ${verdict}${hint ? ` ${hint}` : ''}`;
    heard.dataset.tone = is_ok ? 'good' : 'watch';
  } catch (error) {
    heard.textContent = error.message;
    heard.dataset.tone = 'watch';
  }
  check.disabled = false;
});

// What a page of ours says went wrong.
async function reason(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  return [...page.querySelectorAll('main p')].slice(0, 2).map((p) => p.textContent).join(' ');
}

const drop = one('[data-drop]');
if (drop) {
  const stop = (event) => event.preventDefault();
  for (const event of ['dragenter', 'dragover']) addEventListener(event, (at) => { stop(at); drop.classList.add('over'); });
  for (const event of ['dragleave', 'drop']) addEventListener(event, () => drop.classList.remove('over'));
  addEventListener('drop', (event) => {
    stop(event);
    if (!event.dataTransfer.files.length) return;
    drop.querySelector('input[type=file]').files = event.dataTransfer.files;
    drop.requestSubmit();
  });
}

const screen = one('[data-follow]');
if (screen) follow(screen);

function follow(screen) {
  const source = new EventSource(screen.dataset.follow);
  const clock = (at) => `${Math.floor(at / 60)}:${String(Math.floor(at) % 60).padStart(2, '0')}`;

  // The screen is drawn whole; whoever stands on a button stays on it.
  let said = '';
  function draw(html) {
    const stood = document.activeElement?.id;
    screen.innerHTML = html;
    if (stood && screen.querySelector(`#${CSS.escape(stood)}`)) screen.querySelector(`#${CSS.escape(stood)}`).focus();
    const now = screen.querySelector('[data-say]')?.dataset.say ?? '';
    if (now !== said) announce(now);
    said = now;
    const report = one('details.report');
    if (report && report.dataset.take === opened) show(report);
    report?.addEventListener('toggle', () => { if (report.open) show(report); });
    countDown();
  }

  // A report that was opened stays open however often the screen is drawn; how it felt is asked before, once.
  let opened;
  function show(report) {
    opened = report.dataset.take;
    report.open = true;
    one('form.felt')?.remove();
  }

  let counting;
  function countDown() {
    clearInterval(counting);
    const left = one('#left');
    if (!left) return;
    const until = performance.now() + Number(left.dataset.left) * 1000;
    counting = setInterval(() => { left.textContent = clock(Math.max(0, (until - performance.now()) / 1000)); }, 250);
  }

  source.addEventListener('screen', (event) => draw(event.data));
  source.addEventListener('over', (event) => { draw(event.data); source.close(); });
  source.addEventListener('words', (event) => { const latest = one('#latest'); if (latest) latest.textContent = event.data; });
  source.addEventListener('progress', (event) => {
    const { elapsed, level_dbfs } = JSON.parse(event.data);
    const target = one('#target');
    if (!target) return;
    one('#elapsed').textContent = clock(elapsed);
    one('#level').value = level_dbfs;
    one('#done').setAttribute('width', `${Math.min(100, (elapsed / Number(target.dataset.whole)) * 100).toFixed(1)}%`);
  });
  source.addEventListener('error', () => announce('The connection is gone; it is tried again. What is recorded goes on.'));

  const send = (command) => fetch('/rehearse/command', {
    method: 'POST', redirect: 'manual', body: new URLSearchParams({ command }),
  }).catch(() => announce('Greenroom does not answer.'));
  screen.addEventListener('submit', (event) => {
    if (event.target.matches('form.felt')) {
      event.preventDefault();
      fetch(event.target.action, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ felt: event.submitter.value }) })
        .catch(() => announce('Greenroom does not answer.'));
      show(one('details.report'));
      return;
    }
    if (!event.target.matches('form.command')) return;
    event.preventDefault();
    send(event.submitter.value);
  });

  // The keys of the terminal.
  const other = { ' ': 'p', s: 'n', Escape: 'Esc' };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest('input, select, textarea, summary')) return;
    // Enter and space press the button or follow the link that has the focus.
    if ((event.key === 'Enter' || event.key === ' ') && event.target.closest('a, button')) return;
    const key = other[event.key] ?? event.key;
    const button = [...screen.querySelectorAll('[data-key]')].find((known) => known.dataset.key === key);
    if (!button) return;
    event.preventDefault();
    send(button.value);
  });
}
