/* Runs before the first paint: says that JavaScript is here and recalls the chosen mood. */
(() => {
  const root = document.documentElement;
  root.dataset.js = "";
  try {
    const mood = localStorage.getItem("mood");
    if (mood === "matinee" || mood === "late") root.dataset.mood = mood;
  } catch {
    // Storage may be forbidden; the system's preference holds.
  }
})();
