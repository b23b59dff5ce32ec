/// How a report looks: for eyes by day and by night, on paper, on a phone.
enum ReportStyle {
  /// Pictures are drawn for a white page. In the dark they are inverted, white to the page's own colour, and
  /// turned, so that blue stays blue.
  static let sheet: HTML = """

    :root {
      color-scheme: light dark;
      --ground: #ffffff; --card: #f5f6f8; --ink: #1c2128; --quiet: #545d68; --rule: #d5dae0;
      --link: #0a56a8;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #121212; --card: #1d1f22; --ink: #e4e6e9; --quiet: #a3abb5; --rule: #363b42;
        --link: #7db8f5;
      }
      .chart { filter: invert(0.93) hue-rotate(180deg); }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 72rem; background: var(--ground);
      color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
      overflow-wrap: anywhere;
    }
    h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1rem; }
    h2, h3 { line-height: 1.3; margin: 2.2rem 0 0.7rem; }
    h2 { font-size: 1.25rem; padding-bottom: 0.25rem; border-bottom: 1px solid var(--rule); }
    h3 { font-size: 1.05rem; }
    a { color: var(--link); }
    p { margin: 0.6rem 0; max-width: 46rem; }
    .quiet, figcaption, footer { color: var(--quiet); font-size: 0.875rem; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.3rem 1.2rem; margin: 0; }
    dt { color: var(--quiet); }
    dd { margin: 0; }
    .figures {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr));
      gap: 1.2rem;
    }
    figure { margin: 0; min-width: 0; break-inside: avoid; }
    .chart, video, .still { display: block; max-width: 100%; height: auto; }
    video, .still { border-radius: 6px; background: #000; }
    figcaption { margin-top: 0.4rem; max-width: 34rem; }
    .wide { overflow-x: auto; margin: 0 0 1.2rem; overflow-wrap: normal; }
    .wide:focus-visible { outline: 2px solid var(--link); }
    table { border-collapse: collapse; font-size: 0.9rem; }
    th, td {
      text-align: left; vertical-align: top; padding: 0.35rem 0.9rem 0.35rem 0;
      border-bottom: 1px solid var(--rule); max-width: 24rem;
    }
    thead th { color: var(--quiet); font-weight: 600; }
    tbody th { font-weight: 500; }
    td.number { white-space: nowrap; }
    .number { text-align: right; font-variant-numeric: tabular-nums; }
    code { font: 0.85em/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
    pre {
      background: var(--card); border: 1px solid var(--rule); border-radius: 6px; margin: 0.6rem 0;
      padding: 0.7rem 0.9rem; overflow-x: auto;
    }
    summary { cursor: pointer; color: var(--link); margin: 0.6rem 0; }
    nav ul { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; list-style: none; padding: 0; }
    footer { margin-top: 3rem; border-top: 1px solid var(--rule); }
    @media (max-width: 40rem) {
      body { padding-top: 1rem; }
      h1 { font-size: 1.35rem; }
      dl { grid-template-columns: 1fr; gap: 0; }
      dd { margin-bottom: 0.5rem; }
      th, td { min-width: 5rem; }
      tbody th, td:nth-child(2):not(.number) { min-width: 8rem; }
    }
    @media print {
      :root {
        color-scheme: light;
        --ground: #fff; --card: #fff; --ink: #000; --quiet: #444; --rule: #bbb; --link: #000;
      }
      body { padding: 0; max-width: none; font-size: 10pt; }
      .chart { filter: none; }
      .moving { display: none; }
      .wide { overflow: visible; }
      table { font-size: 8pt; }
      th, td { padding-right: 0.5rem; }
      .figures { grid-template-columns: 1fr 1fr; }
      h2, h3, .caption { break-after: avoid; }
      tr, pre { break-inside: avoid; }
    }

    """
}
