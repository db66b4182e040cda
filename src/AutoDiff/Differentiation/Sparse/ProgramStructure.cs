using System.Numerics;

namespace AutoDiff;

/// <summary>The structure of a recorded program, as far as the pattern of a Jacobian depends on it: operations, shapes, who reads whom, maps and axes. Two are compared exactly, number by number.</summary>
internal sealed class ProgramStructure
{
    private readonly List<object> kinds = [];
    private readonly List<int> numbers = [];
    private int kindsSeen;
    private int numbersSeen;
    private bool comparing;
    private bool same;

    /// <summary>Compares a program with the one that was taken last; if it differs, this is its structure from now on.</summary>
    /// <returns>Whether it is the same. The first program is not.</returns>
    public bool Take<T>(Tape<T> tape, Tensor<T> y, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (kindsSeen, numbersSeen, comparing, same) = (0, 0, true, kinds.Count > 0);
        Describe(tape, y, x);
        if (same && kindsSeen == kinds.Count && numbersSeen == numbers.Count)
        {
            return true;
        }

        kinds.Clear();
        numbers.Clear();
        comparing = false;
        Describe(tape, y, x);
        return false;
    }

    /// <summary>Whether two maps of one kind have the same structure.</summary>
    public static bool IsSame<T>(LinearMap<T> x, LinearMap<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var structure = new ProgramStructure();
        x.AddStructure(structure);
        (structure.comparing, structure.same) = (true, true);
        y.AddStructure(structure);
        return structure.same && structure.numbersSeen == structure.numbers.Count;
    }

    public void Add(int number)
    {
        if (!comparing)
        {
            numbers.Add(number);
            return;
        }

        same = same && numbersSeen < numbers.Count && numbers[numbersSeen] == number;
        numbersSeen++;
    }

    /// <summary>Adds the length and the numbers of a list.</summary>
    public void Add(ReadOnlySpan<int> list)
    {
        Add(list.Length);
        foreach (int number in list)
        {
            Add(number);
        }
    }

    private void Add(object kind)
    {
        if (!comparing)
        {
            kinds.Add(kind);
            return;
        }

        same = same && kindsSeen < kinds.Count && Equals(kinds[kindsSeen], kind);
        kindsSeen++;
    }

    private void Describe<T>(Tape<T> tape, Tensor<T> y, Tensor<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int first = tape.IndexOf(x);
        int last = tape.IndexOf(y);
        Add(last - first);
        Add(x.Shape);
        for (int i = first; i <= last && (same || !comparing); i++)
        {
            Record<T> record = tape[i];
            Add(record.Name);
            Add(record.GetType());
            Add(record.Output.Shape);
            Add(record.InputCount);
            for (int k = 0; k < record.InputCount; k++)
            {
                Add(Math.Max(tape.IndexOf(record.Input(k)) - first, -1));
                Add(record.Input(k).Shape);
                Add(record, k);
            }
        }
    }

    /// <summary>How the output of a record depends on one input: what <see cref="PatternSweep{T}"/> reads.</summary>
    private void Add<T>(Record<T> record, int k) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LinearMap<T>? map = record switch
        {
            LinearRecord<T> linear => linear.Map,
            AssembleRecord<T> assemble => assemble.Pieces[k].Map,
            _ => null,
        };
        if (map is not null)
        {
            Add(map.GetType());
            map.AddStructure(this);
        }
        else if (record.MatchingAxes(k) is { } axes)
        {
            Add(axes);
        }
        else
        {
            Add(-1);
        }
    }
}
