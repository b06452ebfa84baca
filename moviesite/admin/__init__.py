"""Those who run the site look after its content and its people."""
