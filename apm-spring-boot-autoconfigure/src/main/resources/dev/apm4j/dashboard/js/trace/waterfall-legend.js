import { LitElement, css, html, nothing } from 'lit';
import { vars } from '../core/vars.js';
import { base } from '../shared/styles.js';

const LABELS = { server: 'Server', client: 'Outgoing call', db: 'Database', messaging: 'Messaging', local: 'Local' };

/** What the colours mean, as far as this trace has them. */
class WaterfallLegend extends LitElement {

	static properties = {
		tree: { attribute: false },
	};

	static styles = [base, css`
		ul {
			border-bottom: 1px solid var(--line);
			color: var(--muted);
			display: flex;
			flex-wrap: wrap;
			font-size: var(--text-s);
			gap: 0 var(--gap-m);
			list-style: none;
			padding: 0.2rem var(--gap-m);
		}

		li {
			align-items: center;
			display: flex;
			gap: 0.35rem;
			max-width: 14rem;
		}

		.colour {
			background: var(--colour);
			border-radius: 2px;
			flex: none;
			height: 0.55rem;
			width: 0.9rem;
		}

		.service .colour {
			height: 0.9rem;
			width: 3px;
		}

		li > :last-child {
			overflow: hidden;
			text-overflow: ellipsis;
			white-space: nowrap;
		}
	`];

	render() {
		const { categories, services } = this.tree;
		return html`<ul aria-label="Legend">
			${Object.keys(LABELS).filter((category) => categories.includes(category)).map((category) => html`<li>
				<span class="colour" ${vars({ '--colour': `var(--span-${category})` })}></span><span>${LABELS[category]}</span></li>`)}
			${services.length > 1 ? services.map((service, i) => html`<li class="service">
				<span class="colour" ${vars({ '--colour': `var(--service-${i % 6})` })}></span><span class="foreign">${service}</span></li>`) : nothing}
		</ul>`;
	}

}

customElements.define('apm-waterfall-legend', WaterfallLegend);
