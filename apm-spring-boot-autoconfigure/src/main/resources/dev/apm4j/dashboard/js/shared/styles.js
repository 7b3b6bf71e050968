// Styles more than one component needs. Shadow roots share the sheet; nothing is copied.
import { css } from 'lit';

/** Resets and form controls; every component takes it first. */
export const base = css`
	*,
	*::before,
	*::after {
		box-sizing: border-box;
	}

	:host([hidden]),
	[hidden] {
		display: none !important;
	}

	a {
		color: var(--accent);
		text-decoration: none;
	}

	a:hover {
		text-decoration: underline;
	}

	:focus {
		outline: none;
	}

	:focus-visible {
		outline: 2px solid var(--focus);
		outline-offset: 1px;
	}

	h1,
	h2,
	h3,
	p,
	dl,
	dd,
	ul,
	pre {
		margin: 0;
		padding: 0;
	}

	button,
	input,
	select {
		color: inherit;
		font: inherit;
	}

	.button,
	.field {
		align-items: center;
		background: var(--raised);
		border: 1px solid var(--line-strong);
		border-radius: var(--radius-s);
		display: inline-flex;
		gap: 0.35rem;
		height: 1.75rem;
		line-height: 1;
		padding: 0 0.55rem;
		white-space: nowrap;
	}

	.button {
		border-color: var(--line);
		color: var(--text);
		cursor: pointer;
	}

	.button:hover {
		background: var(--hover);
		border-color: var(--line-strong);
		text-decoration: none;
	}

	.button:disabled {
		cursor: default;
		opacity: 0.5;
	}

	.button[aria-pressed='true'] {
		background: var(--selected);
		border-color: var(--accent);
	}

	.button.icon {
		justify-content: center;
		padding: 0;
		width: 1.75rem;
	}

	svg.glyph {
		fill: none;
		flex: none;
		height: 1em;
		stroke: currentColor;
		stroke-linecap: round;
		stroke-linejoin: round;
		stroke-width: 1.75;
		width: 1em;
	}

	.field[aria-invalid='true'] {
		border-color: var(--error);
		outline-color: var(--error);
	}

	.muted {
		color: var(--muted);
	}

	.mono {
		font-family: var(--mono);
		font-size: 0.95em;
	}

	/* Text from the observed app: it may hold right-to-left marks and endless words. */
	.foreign {
		overflow-wrap: anywhere;
		unicode-bidi: isolate;
	}

	.visually-hidden {
		clip-path: inset(50%);
		height: 1px;
		overflow: hidden;
		position: absolute;
		white-space: nowrap;
		width: 1px;
	}
`;

/** Small coloured words: status codes, kinds, error, slow. */
export const badges = css`
	.badge {
		background: var(--neutral-soft);
		border-radius: var(--radius-s);
		color: var(--muted);
		display: inline-block;
		font-size: var(--text-s);
		font-weight: 600;
		line-height: 1.1rem;
		padding: 0 0.35rem;
		white-space: nowrap;
	}

	.badge.ok {
		background: var(--ok-soft);
		color: var(--ok);
	}

	.badge.warn {
		background: var(--warn-soft);
		color: var(--warn);
	}

	.badge.error {
		background: var(--error-soft);
		color: var(--error);
	}
`;

/** Data tables. */
export const tables = css`
	table {
		border-collapse: separate;
		border-spacing: 0;
		font-variant-numeric: tabular-nums;
		width: 100%;
	}

	th,
	td {
		border-bottom: 1px solid var(--line);
		padding: 0.3rem 0.6rem;
		text-align: left;
		vertical-align: middle;
		white-space: nowrap;
	}

	th {
		background: var(--surface);
		color: var(--muted);
		font-size: var(--text-s);
		font-weight: 600;
	}

	thead th {
		position: sticky;
		top: 0;
		z-index: 1;
	}

	.number {
		text-align: right;
	}

	tbody tr:hover {
		background: var(--hover);
	}
`;

/** Heads of tables that sort, and the bar of a share. */
export const sortable = css`
	th .sort {
		align-items: center;
		background: none;
		border: 0;
		color: inherit;
		cursor: pointer;
		display: inline-flex;
		font-weight: inherit;
		gap: 0.2rem;
		padding: 0;
	}

	th .sort:hover,
	th[aria-sort] {
		color: var(--text);
	}

	.share {
		background: var(--line);
		border-radius: 2px;
		display: block;
		height: 3px;
		margin-left: auto;
		margin-top: 1px;
		width: 4.5rem;
	}

	.share::before {
		background: var(--accent);
		border-radius: 2px;
		content: '';
		display: block;
		height: 100%;
		margin-left: auto;
		width: var(--share);
	}
`;
