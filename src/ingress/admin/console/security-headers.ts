import type { HeaderList } from "../../../model/outcome.ts";

/**
 * The headers of every file of the console: nothing from elsewhere, no inline script or style, no frame around
 * it, and calls to the admin port and this ingress only.
 */
export function securityHeaders(ingressUrl: string): HeaderList {
  const policy = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": `'self' ${ingressUrl}`,
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
  };
  return [
    [
      "content-security-policy",
      Object.entries(policy)
        .map(([directive, value]) => `${directive} ${value}`)
        .join("; "),
    ],
    ["x-content-type-options", "nosniff"],
    ["referrer-policy", "no-referrer"],
    ["cross-origin-opener-policy", "same-origin"],
    ["cross-origin-resource-policy", "same-origin"],
  ];
}
