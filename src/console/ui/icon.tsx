const paths = {
  logo: "M12 3.5a8.5 8.5 0 1 1-7.4 4.3M8.5 12h7M12.8 9l3 3-3 3",
  overview: "M4 19V10M10 19V5M16 19v-7M21 19H3",
  services: "M4 5h16v5H4zM4 14h16v5H4zM7.5 7.5h.01M7.5 16.5h.01",
  invocations: "M4 6h16M4 12h16M4 18h10",
  key: "M14.5 9.5a4 4 0 1 1-3-3.9 4 4 0 0 1 3 3.9M13.5 12l6 6M17 15.5l-2 2",
  system: "M4 5h16v11H4zM9 20h6M12 16v4",
  light:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  dark: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M4.5 12.5l5 5L19.5 7",
  play: "M7 4.5v15l12-7.5z",
  chevron: "M9 5l7 7-7 7",
  refresh: "M20 5v5h-5M4 19v-5h5M5.5 9.5A7.5 7.5 0 0 1 19.5 10M18.5 14.5A7.5 7.5 0 0 1 4.5 14",
  pause: "M8 5v14M16 5v14",
  close: "M6 6l12 12M18 6L6 18",
  external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
} as const;

export type IconName = keyof typeof paths;

/** A picture next to words: assistive technology skips it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
