using System.Globalization;
using System.Reflection;
using AutoDiff.Optimization;
using AutoDiff.Tests.Operations;

namespace AutoDiff.Tests.Tensors;

/// <summary>What the library says is the same in every culture: errors, printed tensors, reports, pictures of tapes.</summary>
public sealed class CultureTests
{
    /// <summary>
    /// German has decimal commas; Turkish upper and lower case of its own for the letter i; the last writes no number like the invariant one, and is there on systems without any culture.
    /// </summary>
    public static TheoryData<string> Cultures => ["de-DE", "tr-TR", ""];

    [Theory, MemberData(nameof(Cultures))]
    public void Errors_are_the_same(string culture)
    {
        int errors = 0;
        foreach (OperationRow<double> row in OperationTable<double>.Rows.Values)
        {
            foreach (BadInput<double> bad in row.Bad)
            {
                string? Message() => Record.Exception(() => bad.Call(shape => Tensor.Full(-0.5, shape)))?.Message;
                string? invariant = In("invariant", Message);
                In(culture, Message).Should().Be(invariant, "the row {0} says it", row);
                errors += invariant is null ? 0 : 1;
            }
        }

        errors.Should().BeGreaterThan(300);
    }

    /// <summary>Every method without parameters that gives a text, of every public type.</summary>
    [Theory, MemberData(nameof(Cultures))]
    public void Texts_are_the_same(string culture)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.Instance;
        int texts = 0;
        IEnumerable<Type> types = typeof(Tensor).Assembly.GetExportedTypes().Concat(typeof(Minimizer<>).Assembly.GetExportedTypes());
        foreach (Type type in types.Where(static type => !type.IsEnum && !type.IsInterface && !(type.IsAbstract && type.IsSealed)))
        {
            Type closed = !type.ContainsGenericParameters ? type : type.MakeGenericType(type == typeof(OptimizationResult<>) ? typeof(Tensor<double>) : typeof(double));
            if (typeof(Delegate).IsAssignableFrom(closed) || closed.IsByRefLike)
            {
                continue;
            }

            MethodInfo[] methods =
                [.. closed.GetMethods(All).Where(static method => method.ReturnType == typeof(string) && !method.ContainsGenericParameters && method.GetParameters().All(static p => p.HasDefaultValue))];
            foreach (object receiver in ExtremeValues.Receivers(closed).Where(HasDefinedValues).Take(20))
            {
                foreach (MethodInfo method in methods)
                {
                    object?[] arguments = [.. method.GetParameters().Select(static p => p.DefaultValue)];
                    string? Text() => (string?)method.Invoke(receiver, arguments);
                    string? invariant = null;
                    if (Record.Exception(() => invariant = In("invariant", Text)) is null)
                    {
                        In(culture, Text).Should().Be(invariant, "{0}.{1} says it", closed, method.Name);
                        texts++;
                    }
                }

                (receiver as IDisposable)?.Dispose();
            }
        }

        texts.Should().BeGreaterThan(150);
    }

    /// <summary>Reports with fractions and negative numbers in them, large and small.</summary>
    [Theory, MemberData(nameof(Cultures))]
    public void Reports_are_the_same(string culture)
    {
        Func<string>[] reports =
        [
            static () => Tensor.Create([-1.5, 1234567.25, 1e-30, double.NegativeInfinity], 2, 2).ToString(),
            static () => Tensor.Create([-1.5f, 0.25f]).ToString("0.00"),
            static () => On(static (tape, x) => tape.ToText(x.Log().Sum())),
            static () => On(static (tape, x) => tape.ToMermaid(x.Log().Sum())),
            static () => On(static (tape, x) => tape.ToDot(x.Log().Sum())),
            static () => On(static (tape, x) => tape.ToHtml(x.Log().Sum(), "1.5")),
            static () => On(static (tape, x) => { _ = x.Log().Sum(); return tape.Explain().ToString(); }),
            static () => On(static (tape, x) => tape.FindNonFinite(x.Log().Sum()).ToString()),
            static () => On(static (tape, x) => tape.FindKinks((x + 1.5).Abs().Sum()).ToString()),
            static () => Differentiate.Compile(static x => (x * 0.5).Sin(), Tensor.Create([-1.5])).Explain().ToString(),
            static () => Differentiate.Compile(static x => (x * -1.5).Sin(), Tensor.Create([-1.5])).ToCSharp("F"),
            static () => Differentiate.Audit(static x => (x * x - x).Sum(), Tensor.Create([-1.5, 1e-9])).ToString(),
            static () => Record.Exception(static () => GradientCheck.Check(static x => x.Detach() * 1.5 + x * -0.5, Tensor.Create([-1.5])))!.Message,
        ];
        foreach (Func<string> report in reports)
        {
            In(culture, report).Should().Be(In("invariant", report));
        }
    }

    /// <summary>A number that is no member of its enumeration is written by the runtime, in the current culture.</summary>
    private static bool HasDefinedValues(object receiver) =>
        receiver.GetType().GetProperties().Where(static p => p.PropertyType.IsEnum && p.GetIndexParameters().Length == 0).All(p => Enum.IsDefined(p.PropertyType, p.GetValue(receiver)!));

    private static string On(Func<Tape<double>, Tensor<double>, string> report)
    {
        using var tape = new Tape<double>();
        return report(tape, tape.Variable(Tensor.Create([-1.5, 2.5])));
    }

    private static TResult In<TResult>(string name, Func<TResult> f)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = name == "invariant" ? CultureInfo.InvariantCulture : Named(name);
        try
        {
            return f();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static CultureInfo Named(string name)
    {
        try
        {
            return name.Length > 0 ? CultureInfo.GetCultureInfo(name) : Foreign();
        }
        catch (CultureNotFoundException)
        {
            return Foreign();
        }
    }

    private static CultureInfo Foreign()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NegativeSign, culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = ("\u2212", ",", ".");
        return culture;
    }
}
