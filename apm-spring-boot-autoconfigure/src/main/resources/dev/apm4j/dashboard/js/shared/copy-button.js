import { LitElement, css, html } from 'lit';
import { base } from './styles.js';
import { glyph } from './glyph.js';

const SHOWN_MS = 1_500;

/** Copies `value` to the clipboard and says so. `label` names what is copied. */
class CopyButton extends LitElement {

	static properties = {
		value: {},
		label: {},
		copied: { state: true },
	};

	static styles = [base, css`
		.button {
			background: none;
			border-color: transparent;
			color: var(--muted);
			height: 1.5rem;
			width: 1.5rem;
		}

		.done {
			color: var(--ok);
		}
	`];

	constructor() {
		super();
		this.value = '';
		this.label = 'value';
		this.copied = null;
	}

	render() {
		const text = this.copied === null ? `Copy ${this.label}` : this.copied ? 'Copied' : 'Copying was refused';
		return html`<button class="button icon ${this.copied ? 'done' : ''}" type="button" title=${text} aria-label=${text}
			@click=${this.#copy}>${glyph(this.copied ? 'check' : 'copy')}</button
			><span class="visually-hidden" role="status">${this.copied === null ? '' : text}</span>`;
	}

	async #copy() {
		this.copied = await write(String(this.value));
		clearTimeout(this.timer);
		this.timer = setTimeout(() => {
			this.copied = null;
		}, SHOWN_MS);
	}

}

async function write(text) {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	}
	catch {
		// Plain http on a host other than localhost has no clipboard API.
		const area = document.createElement('textarea');
		area.value = text;
		document.body.append(area);
		area.select();
		const done = document.execCommand('copy');
		area.remove();
		return done;
	}
}

customElements.define('apm-copy-button', CopyButton);
