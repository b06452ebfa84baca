/* Opens Swagger UI on the description that the page names; asks no validator elsewhere. */
(() => {
  const reader = document.getElementById("reader");
  window.SwaggerUIBundle({
    url: reader.dataset.openapi,
    domNode: reader,
    deepLinking: true,
    displayRequestDuration: true,
    docExpansion: "list",
    validatorUrl: null,
    withCredentials: true,
  });
})();
