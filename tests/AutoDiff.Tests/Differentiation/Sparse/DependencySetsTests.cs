namespace AutoDiff.Tests.Differentiation.Sparse;

public class DependencySetsTests
{
    [Fact]
    public void An_empty_set_among_many_adds_nothing()
    {
        var sets = new DependencySets(4);
        int union = sets.Union([2, 0, 4, 0]);
        var columns = new int[sets.Size(union)];
        sets.CopyTo(union, columns);
        columns.Should().Equal(1, 3);
    }
}
