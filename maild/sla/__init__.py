"""When something falls due. Pure: instants go in, instants come out."""
