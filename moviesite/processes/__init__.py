"""The programs of an installation: started, watched, stopped. Holds no behaviour of the site."""
