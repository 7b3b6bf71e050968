import { LitElement, css, html } from 'lit';
import { base } from './styles.js';
import { glyph } from './glyph.js';

/** Pauses and resumes the refreshing of a list; fires "toggle-live". `stale` says the last refresh failed. */
class LiveToggle extends LitElement {

	static properties = {
		paused: { type: Boolean },
		stale: { type: Boolean },
	};

	static styles = [base, css`
		.dot {
			background: var(--ok);
			border-radius: 50%;
			height: 0.5rem;
			width: 0.5rem;
		}

		.paused .dot {
			background: var(--muted);
		}

		.stale .dot {
			background: var(--error);
		}
	`];

	render() {
		const state = this.paused ? 'Paused' : this.stale ? 'Retrying' : 'Live';
		return html`<button class="button ${this.paused ? 'paused' : this.stale ? 'stale' : ''}" type="button"
			aria-pressed=${this.paused ? 'true' : 'false'} aria-label="Pause refreshing"
			title=${this.paused ? 'Resume refreshing' : 'Pause refreshing'}
			@click=${() => this.dispatchEvent(new CustomEvent('toggle-live'))}
			><span class="dot"></span>${state}${glyph(this.paused ? 'play' : 'pause')}</button>`;
	}

}

customElements.define('apm-live-toggle', LiveToggle);
