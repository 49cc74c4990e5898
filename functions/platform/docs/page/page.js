// Shows /openapi.json. Whatever would call another host is off, and the page's Content-Security-Policy allows no such call.

// A library of the renderer would try whether it may compile code, which the policy forbids and reports.
globalThis.__zod_globalConfig = { jitless: true };

addEventListener("DOMContentLoaded", () => {
  Scalar.createApiReference("#reference", {
    url: "/openapi.json",
    withDefaultFonts: false,
    telemetry: false,
    agent: { disabled: true },
    mcp: { disabled: true },
    showDeveloperTools: "never",
    hideClientButton: true,
    // A key that is entered to try an endpoint is gone with the page.
    persistAuth: false,
  });
});
