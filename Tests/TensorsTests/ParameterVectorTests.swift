import Tensors
import Testing

@Suite struct ParameterVectorTests {
  let layout = ParameterLayout([
    ParameterSlot(name: "0.weight", shape: [2, 3, 2, 2], order: .convolution),
    ParameterSlot(name: "0.bias", shape: [2]),
    ParameterSlot(name: "1.weight", shape: [4, 2]),
  ])

  @Test func `slots lie one after the other`() {
    #expect(layout.ranges == [0..<24, 24..<26, 26..<34])
    #expect(layout.count == 34)
  }

  @Test func `a slot reads back what was written in file order`() {
    var vector = ParameterVector(layout)
    for slot in layout.slots.indices {
      let values = (0..<layout.slots[slot].count).map(Float.init)
      vector[slot: slot] = values
      #expect(vector[slot: slot] == values)
    }
  }

  @Test func `convolution weights lie in memory as kernel row, kernel column, input, output`() {
    var vector = ParameterVector(layout)
    vector[slot: 0] = (0..<24).map(Float.init)
    // File index of [output 1, input 2, row 0, column 1] is ((1·3 + 2)·2 + 0)·2 + 1 = 21;
    // memory index of [row 0, column 1, input 2, output 1] is ((0·2 + 1)·3 + 2)·2 + 1 = 11.
    #expect(vector.scalars[11] == 21)
  }

  @Test func `writing one slot leaves the others alone`() {
    var vector = ParameterVector(layout)
    vector[slot: 1] = [5, 7]
    #expect(vector.scalars.filter { $0 != 0 } == [5, 7])
    #expect(Array(vector.scalars[24..<26]) == [5, 7])
  }

  @Test func `vectors with equal elements are equal and others are not`() {
    var other = ParameterVector(layout)
    #expect(other == ParameterVector(layout))
    other.scalars[33] = 1
    #expect(other != ParameterVector(layout))
  }

  @Test func `a slot of another length traps`() async {
    await #expect(processExitsWith: .failure) {
      var vector = ParameterVector(ParameterLayout([ParameterSlot(name: "a", shape: [2])]))
      vector[slot: 0] = [1, 2, 3]
    }
  }
}
