/// Uniform numbers in -1..<1 that the reference scripts make too: `hashed` in Tools/reference.
public func hashedNumbers(stream: Int, count: Int) -> [Float] {
  (0..<count).map { index in
    var z = UInt64(stream) << 32 &+ UInt64(index) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return Float(Double(z >> 40) / 0x1p23 - 1)
  }
}
