/// A decimal number as tables have most: digits, perhaps with a point among them.
///
/// Exact like `Double.init`, but without a text in between, which would be most of the work of
/// reading a long table.
enum DecimalNumber {
  /// The number that bytes stand for; nil if they are no such number, or have too many digits.
  static func read(_ bytes: ArraySlice<UInt8>) -> Double? {
    var (digits, decimals) = (UInt64(0), 0)
    var hasPoint = false
    for byte in bytes {
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
        continue
      }
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), digits < limit else {
        return nil
      }
      digits = digits * 10 + UInt64(byte - UInt8(ascii: "0"))
      decimals += hasPoint ? 1 : 0
    }
    guard bytes.count > (hasPoint ? 1 : 0), decimals < powers.count else { return nil }
    return digits == 0 ? 0 : quotient(digits, powers[decimals])
  }

  /// Numbers below this take one more digit.
  private static let limit = UInt64(1_000_000_000_000_000_000)
  private static let powers = (0...18).map { power in
    (0..<power).reduce(UInt64(1)) { n, _ in n * 10 }
  }

  /// `a`/`b`, correctly rounded.
  ///
  /// The quotient has 64 bits, the last of which says whether anything follows; so the only
  /// rounding is that to 53 bits.
  private static func quotient(_ a: UInt64, _ b: UInt64) -> Double {
    let (dividend, divisor) = (a << a.leadingZeroBitCount, b << b.leadingZeroBitCount)
    let isLarger = dividend >= divisor
    let (bits, rest) = divisor.dividingFullWidth(
      isLarger ? (dividend >> 1, dividend << 63) : (dividend, 0))
    let exponent = b.leadingZeroBitCount - a.leadingZeroBitCount + (isLarger ? 1 : 0) - 64
    return Double(
      sign: .plus, exponent: exponent, significand: Double(rest > 0 ? bits | 1 : bits))
  }
}
