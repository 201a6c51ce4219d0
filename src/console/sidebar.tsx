import { useState } from "preact/hooks";
import { linkTo } from "./route.ts";
import { useServer } from "./server.ts";
import { TokenButton } from "./token-button.tsx";
import { Icon, type IconName } from "./ui/icon.tsx";
import { currentTheme, nextTheme } from "./ui/theme.ts";

interface Place {
  readonly path: string;
  readonly title: string;
  readonly icon: IconName;
}

const places: readonly Place[] = [
  { path: "overview", title: "Overview", icon: "overview" },
  { path: "services", title: "Services", icon: "services" },
  { path: "invocations", title: "Invocations", icon: "invocations" },
];

/** Where one can go, and what the server is. */
export function Sidebar({ current }: { readonly current: string }) {
  return (
    <header class="sidebar">
      <a class="brand" href={linkTo([])}>
        <Icon name="logo" />
        <span>restate-connect</span>
      </a>
      <nav aria-label="Views">
        <ul>
          {places.map(({ path, title, icon }) => (
            <li key={path}>
              <a href={linkTo([path])} aria-current={current === path ? "page" : undefined}>
                <Icon name={icon} />
                <span>{title}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="sidebar-end">
        <TokenButton />
        <ThemeButton />
        <About />
      </div>
    </header>
  );
}

function About() {
  const { data } = useServer();
  return data === undefined ? null : (
    <dl class="about">
      <dt>Engine</dt>
      <dd>{data.engine}</dd>
      <dt>Ingress</dt>
      <dd>{data.ingressUrl.replace(/^https?:\/\//, "")}</dd>
      <dt>Version</dt>
      <dd>{data.version}</dd>
    </dl>
  );
}

function ThemeButton() {
  const [theme, setTheme] = useState(currentTheme);
  return (
    <button type="button" class="quiet" onClick={() => setTheme(nextTheme(theme))}>
      <Icon name={theme} />
      <span>
        <span class="visually-hidden">Theme: </span>
        {theme === "system" ? "System theme" : theme === "light" ? "Light theme" : "Dark theme"}
      </span>
    </button>
  );
}
