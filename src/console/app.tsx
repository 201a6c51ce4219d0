import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { InvocationPage } from "./invocations/invocation-page.tsx";
import { InvocationsPage } from "./invocations/invocations-page.tsx";
import { OverviewPage } from "./overview/overview-page.tsx";
import { linkTo, type Route, useRoute } from "./route.ts";
import { useServer } from "./server.ts";
import { ServicePage } from "./services/service-page.tsx";
import { ServicesPage } from "./services/services-page.tsx";
import { Sidebar } from "./sidebar.tsx";
import { TryPage } from "./try/try-page.tsx";
import { EmptyNote, ErrorNote, Loading } from "./ui/notes.tsx";

/** The whole page: the sidebar, and the view that the address names. */
export function App() {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const place = route.path.join("/");
  // A new view begins at its top, for the eye and for the keyboard.
  const shown = useRef<string>();
  useEffect(() => {
    if (shown.current !== undefined && shown.current !== place) {
      main.current?.focus();
      window.scrollTo(0, 0);
    }
    shown.current = place;
  }, [place]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <div class="shell">
        <Sidebar current={route.path[0] === "try" ? "services" : (route.path[0] ?? "overview")} />
        <main tabIndex={-1} ref={main}>
          <WithServer>
            <View route={route} />
          </WithServer>
        </main>
      </div>
    </>
  );
}

/** Every view needs to know the server. */
function WithServer({ children }: { readonly children: ComponentChildren }) {
  const server = useServer();
  if (server.isPending) {
    return <Loading what="the server" />;
  }
  if (server.isError) {
    return <ErrorNote error={server.error} retry={() => void server.refetch()} />;
  }
  return children;
}

function View({ route }: { readonly route: Route }) {
  const [view = "overview", first, second] = route.path;
  switch (view) {
    case "overview":
      return <OverviewPage />;
    case "invocations":
      return first === undefined ? (
        <InvocationsPage route={route} />
      ) : (
        <InvocationPage key={first} id={first} />
      );
    case "try":
      return <TryPage service={first ?? ""} method={second ?? ""} />;
    case "services":
      return first === undefined ? <ServicesPage /> : <ServicePage name={first} />;
    default:
      return (
        <EmptyNote title="Nothing is here">
          The address names no view. <a href={linkTo(["services"])}>Go to the services</a>
        </EmptyNote>
      );
  }
}
