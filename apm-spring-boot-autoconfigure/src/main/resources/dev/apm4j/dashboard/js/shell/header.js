import { LitElement, css, html, nothing } from 'lit';
import { dateTime, time } from '../core/format.js';
import { href } from '../core/router.js';
import { base } from '../shared/styles.js';
import { VIEWS } from './views.js';
import './status-strip.js';
import './theme-toggle.js';

/** Product, observed service, navigation, theme, and below them the status strip or what keeps it from showing. */
class Header extends LitElement {

	static properties = {
		status: { attribute: false },
		failure: { attribute: false },
		at: { attribute: false },
		current: {},
	};

	static styles = [base, css`
		header {
			background: var(--surface);
			border-bottom: 1px solid var(--line);
		}

		.bar {
			align-items: center;
			display: flex;
			gap: var(--gap-s) var(--gap-l);
			min-height: 2.75rem;
			padding: 0 var(--gap-l);
		}

		.product {
			align-items: center;
			color: var(--text);
			display: flex;
			font-size: var(--text-l);
			font-weight: 700;
			gap: 0.45rem;
			letter-spacing: -0.01em;
		}

		.product:hover {
			text-decoration: none;
		}

		.version {
			color: var(--muted);
			font-size: var(--text-s);
			font-weight: 400;
			letter-spacing: normal;
		}

		.product svg {
			height: 1.15rem;
			width: 1.15rem;
		}

		.product rect {
			fill: var(--accent);
		}

		.service {
			align-items: baseline;
			border-left: 1px solid var(--line);
			display: flex;
			flex: 0 1 auto;
			gap: 0.5rem;
			min-width: 0;
			padding-left: var(--gap-l);
		}

		.service > * {
			overflow: hidden;
			text-overflow: ellipsis;
			unicode-bidi: isolate;
			white-space: nowrap;
		}

		.service strong {
			font-weight: 600;
		}

		.instance {
			color: var(--muted);
			flex: 0 1 auto;
			font-size: var(--text-s);
		}

		nav {
			align-self: stretch;
			display: flex;
			gap: var(--gap-xs);
		}

		nav a {
			align-items: center;
			border-block: 2px solid transparent;
			color: var(--muted);
			display: flex;
			font-weight: 500;
			padding: 0 0.6rem;
		}

		nav a:hover {
			color: var(--text);
			text-decoration: none;
		}

		nav a:focus-visible {
			outline-offset: -3px;
		}

		nav a[aria-current] {
			border-bottom-color: var(--accent);
			color: var(--text);
		}

		apm-theme-toggle {
			margin-left: auto;
		}

		.away {
			background: var(--error-soft);
			border-top: 1px solid var(--line);
			color: var(--error);
			padding: 0.35rem var(--gap-l);
		}

		.old {
			filter: grayscale(1);
			opacity: 0.6;
		}

		@media (max-width: 640px) {
			.bar {
				flex-wrap: wrap;
				padding: 0 var(--gap-m);
				row-gap: 0;
			}

			.product {
				min-height: 2.5rem;
			}

			.version {
				display: none;
			}

			.service {
				flex: 1;
				padding-left: var(--gap-m);
			}

			nav {
				flex-basis: 100%;
				height: 2rem;
				margin-inline: -0.6rem;
				order: 1;
			}

			.away {
				padding-inline: var(--gap-m);
			}
		}
	`];

	render() {
		const status = this.status;
		return html`<header>
			<div class="bar">
				<a class="product" href=${href([])} aria-label="apm4j, start page">
					<svg viewBox="0 0 16 16" aria-hidden="true"><rect x="1" y="2.5" width="13" height="2.6" rx="1.3"></rect><rect x="3.5" y="6.8"
						width="6.5" height="2.6" rx="1.3" opacity=".75"></rect><rect x="8" y="11.1" width="7" height="2.6" rx="1.3" opacity=".5"></rect></svg>
					apm4j${status ? html`<span class="version" title="Running since ${dateTime(status.startedAt)}">${status.version}</span>` : nothing}</a>
				${status ? html`<div class="service"><strong title="Service ${status.service}">${status.service}</strong>
					<span class="instance mono" title="Instance ${status.instance}">${status.instance}</span></div>` : nothing}
				<nav aria-label="Views">${VIEWS.map((view) => html`<a href=${href([view.segment])}
					aria-current=${view.segment === this.current ? 'page' : nothing}>${view.label}</a>`)}</nav>
				<apm-theme-toggle></apm-theme-toggle>
			</div>
			${this.failure ? html`<p class="away" role="alert">${this.failure.message}
				${this.at > 0 ? html`· Last answer at ${time(this.at * 1_000)}` : nothing} · Trying again</p>` : nothing}
			${status ? html`<apm-status-strip class=${this.failure ? 'old' : ''} .status=${status}></apm-status-strip>` : nothing}
		</header>`;
	}

}

customElements.define('apm-header', Header);
