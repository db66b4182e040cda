using System.Numerics;

namespace AutoDiff;

/// <summary>One audit: what a shadow sweep says of each operation and of the results.</summary>
internal sealed class AuditSweep<T>(Tape<T> tape, Tensor<T>[] variables, CancellationToken cancellationToken) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The digits of the element type: those of a number that is rounded correctly.</summary>
    private static readonly double Precision = Math.Log10(2) * (typeof(T) == typeof(float) ? 24 : 53);

    private readonly ShadowSweep<T> sweep = new(tape);

    public AuditReport Run(Tensor<T> y, Tensor<T>[] gradients)
    {
        int end = tape.IndexOf(y);
        bool[] ofValue = Ancestry.Of(tape, y);
        bool[][] ofGradients = [.. gradients.Where(g => tape.IndexOf(g) >= 0).Select(g => Ancestry.Of(tape, g))];
        int first = variables.Length == 0 ? 0 : variables.Min(tape.IndexOf);
        var operations = new List<AuditedOperation>();
        for (int i = first; i < Math.Max(ofValue.Length, ofGradients.Select(own => own.Length).DefaultIfEmpty().Max()); i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((i < ofValue.Length && ofValue[i]) || ofGradients.Any(own => i < own.Length && own[i]))
            {
                ShadowSweep<T>.Step step = sweep.Advance(i);
                if (tape[i] is not VariableRecord<T>)
                {
                    operations.Add(Row(i, step, inGradient: i > end || !(i < ofValue.Length && ofValue[i])));
                }
            }
        }

        return new AuditReport(Precision, Result(y), Array.ConvertAll(gradients, Result), [.. operations.OrderByDescending(row => row.Lost)]);
    }

    private AuditedOperation Row(int place, ShadowSweep<T>.Step step, bool inGradient)
    {
        Record<T> record = tape[place];
        double[] after = Digits(record.Output, step.Shadow), before = Before(record, after.Length);
        int worst = 0;
        for (int i = 1; i < after.Length; i++)
        {
            worst = before[i] - after[i] > before[worst] - after[worst] ? i : worst;
        }

        return new AuditedOperation
        {
            Operation = TapeOperation.Of(tape, place),
            InGradient = inGradient,
            DigitsBefore = after.Length == 0 ? Precision : before[worst],
            Digits = after.Length == 0 ? Precision : after[worst],
            OwnDigits = step.Own is null ? null : Digits(record.Output, step.Own).DefaultIfEmpty(Precision).Min(),
        };
    }

    /// <summary>For each element of the output, the digits of the worst number that it was computed from; of operations that are not elementwise, of the worst of all.</summary>
    private double[] Before(Record<T> record, int length)
    {
        var before = new double[length];
        Array.Fill(before, Precision);
        for (int k = 0; k < record.InputCount; k++)
        {
            Tensor<T> x = record.Input(k);
            double[] own = Digits(x, sweep.Of(x));
            double worst = own.DefaultIfEmpty(Precision).Min();
            int[]? places = record.IsElementwise ? ShadowRules<T>.Places(x.Shape, record.Output.Shape) : null;
            for (int i = 0; i < length; i++)
            {
                before[i] = Math.Min(before[i], places is null ? worst : own[places[i]]);
            }
        }

        return before;
    }

    private AuditedResult Result(Tensor<T> y)
    {
        DoubleDouble[] shadow = sweep.Of(y);
        double[] digits = Digits(y, shadow);
        int worst = digits.Length == 0 ? 0 : Array.IndexOf(digits, digits.Min());
        return new AuditedResult(digits.Length == 0 ? Precision : digits[worst], digits.Length == 0 ? new int[y.Rank] : Structure.Indices(worst, y.Shape), digits.Length == 0 ? double.NaN : double.CreateChecked(y.Values[worst]),
            Tensor.Create<double>(digits, y.Shape), Tensor.Create<double>(Array.ConvertAll(shadow, s => s.High), y.Shape));
    }

    private static double[] Digits(Tensor<T> x, DoubleDouble[] shadow)
    {
        var digits = new double[shadow.Length];
        for (int i = 0; i < digits.Length; i++)
        {
            digits[i] = Digits(double.CreateChecked(x.Values[i]), shadow[i]);
        }

        return digits;
    }

    /// <summary>-log10 of the relative error, from 0 to the precision.</summary>
    private static double Digits(double x, DoubleDouble shadow)
    {
        double error = Math.Abs((shadow - x).High);
        return x.Equals(shadow.High) && (shadow.Low == 0 || !double.IsFinite(x)) ? Precision : double.IsNaN(error) ? 0 : Math.Clamp(-Math.Log10(error / Math.Abs(shadow.High)), 0, Precision) + 0.0;
    }
}
