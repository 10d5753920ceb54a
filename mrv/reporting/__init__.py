"""What leaves the house: the template, the annotated return, calculation sheets, the annual report."""
