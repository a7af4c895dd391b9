import Tensors

/// Memory with these values.
func region(_ values: [Float]) -> FloatRegion {
  let region = Arena(pieces: [values.count]).piece(values.count)
  region.copy(from: values)
  return region
}

/// Memory of zeros.
func zeros(_ count: Int) -> FloatRegion { region([Float](repeating: 0, count: count)) }
