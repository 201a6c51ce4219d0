import type { DescService } from "@bufbuild/protobuf";
import { commentOf } from "../comments.ts";
import { linkTo } from "../route.ts";
import { useServer } from "../server.ts";
import { EmptyNote } from "../ui/notes.tsx";
import { ServiceName } from "../ui/service-name.tsx";
import { KindBadge } from "./kind-badge.tsx";

/** The services of the server. */
export function ServicesPage() {
  const { data } = useServer();
  const services = data?.services ?? [];
  return (
    <>
      <div class="page-head">
        <h1>Services</h1>
        <p class="muted">
          {services.length === 1 ? "1 service" : `${services.length} services`} on {data?.ingressUrl}
        </p>
      </div>
      {services.length === 0 ? (
        <EmptyNote title="The server has no services">
          Give createIngress some, or serve a module that exports an array of them.
        </EmptyNote>
      ) : (
        <ul class="cards">
          {services.map((service) => (
            <li key={service.typeName}>
              <ServiceCard service={service} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function ServiceCard({ service }: { readonly service: DescService }) {
  const comment = commentOf(service);
  return (
    <article class="card">
      <header>
        <h2>
          <a href={linkTo(["services", service.typeName])}>
            <ServiceName name={service.typeName} />
          </a>
        </h2>
        <KindBadge service={service} />
      </header>
      {comment === "" ? null : <p>{comment}</p>}
      <ul class="method-chips" aria-label={`Methods of ${service.typeName}`}>
        {service.methods.map((method) => (
          <li key={method.name}>
            <a class="chip" href={linkTo(["try", service.typeName, method.name])}>
              {method.name}
            </a>
          </li>
        ))}
      </ul>
    </article>
  );
}
