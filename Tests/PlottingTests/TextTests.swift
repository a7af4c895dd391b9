import Plotting
import Testing

@Suite struct TextTests {
  private let canvas = CairoCanvas(width: 200, height: 40)
  private let style = TextStyle(size: 20)

  private func width(_ text: String) -> Double { canvas.width(of: text, style) }

  @Test func `letters of a script that joins them take the room of joined letters`() {
    // Isolated letters are wider; DejaVu, which Debian installs with its font library, has them.
    let word = "سلسبيل"
    #expect(width(word) < 0.9 * word.unicodeScalars.reduce(0) { $0 + width(String($1)) })
  }

  @Test func `pairs of letters are moved together`() {
    #expect(width("AVAVAV") < 0.97 * 3 * (width("A") + width("V")))
  }

  @Test func `a letter that no font has is a box`() {
    let missing = "\u{F0123}"
    #expect(width(missing) > 5)
    canvas.write(missing, at: Point(10, 30), with: .black, style)
    #expect(canvas.pixels().contains { $0 < 128 })
  }

  @Test func `a text has the same width at every scale`() {
    let fine = CairoCanvas(width: 200, height: 40, scale: 4)
    #expect(abs(fine.width(of: "minimum, step 76", style) - width("minimum, step 76")) < 0.2)
  }

  @Test func `a line break does not make two lines`() {
    #expect(width("a\nb") > width("a") + width("b"))
  }

  @Test(arguments: ["קטט", "قطط"])
  func `a caption goes on at the right of a name that is read from the right`(name: String) {
    let (wide, low) = (CairoCanvas(width: 300, height: 40), Point(10, 30))
    wide.write("\(name) · 8", at: low, with: .black, style)
    let alone = CairoCanvas(width: 300, height: 40)
    alone.write(name, at: low, with: .black, style)
    // What the name alone covers looks the same in the caption.
    let width = Int(10 + canvas.width(of: name, style))
    let (caption, own) = (wide.pixels(), alone.pixels())
    let same = (0..<40).allSatisfy { row in
      (0..<width * 3).allSatisfy {
        abs(Int(caption[row * 900 + $0]) - Int(own[row * 900 + $0])) < 9
      }
    }
    #expect(same)
  }

  @Test func `text that is turned keeps its letters apart`() {
    let style = TextStyle(size: 20)
    let turned = CairoCanvas(width: 40, height: 200)
    turned.write("minimum", at: Point(30, 190), with: .black, style, rotation: -.pi / 2)
    let upright = CairoCanvas(width: 200, height: 40)
    upright.write("minimum", at: Point(10, 30), with: .black, style)
    func ink(_ canvas: CairoCanvas) -> Int { canvas.pixels().reduce(0) { $0 + 255 - Int($1) } }
    #expect(abs(ink(turned) - ink(upright)) < ink(upright) / 20)
  }
}
