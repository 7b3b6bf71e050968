import { LitElement, css, html, nothing } from 'lit';
import { base } from './styles.js';

/** A message in place of content that isn't there: nothing found, not reachable. Actions and more go into the slot. */
class Notice extends LitElement {

	static properties = {
		heading: {},
		text: {},
		tone: {},
	};

	static styles = [base, css`
		section {
			background: var(--surface);
			border: 1px solid var(--line);
			border-left: 3px solid var(--line-strong);
			border-radius: var(--radius);
			display: grid;
			gap: var(--gap-s);
			margin: var(--gap-l) auto;
			max-width: 46rem;
			padding: var(--gap-l);
		}

		section.error {
			border-left-color: var(--error);
		}

		h2 {
			font-size: var(--text-l);
			font-weight: 600;
		}
	`];

	render() {
		const error = this.tone === 'error';
		return html`<section class=${error ? 'error' : ''} role=${error ? 'alert' : nothing}>
			<h2>${this.heading}</h2>
			${this.text ? html`<p class="muted foreign">${this.text}</p>` : nothing}
			<slot></slot>
		</section>`;
	}

}

customElements.define('apm-notice', Notice);
