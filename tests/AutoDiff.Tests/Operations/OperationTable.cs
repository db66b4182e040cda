using System.Numerics;
using System.Reflection;

namespace AutoDiff.Tests.Operations;

/// <summary>
/// All differentiable operations, one row or more each. To add an operation, add a row to the list of its family (one file each); a new family is a new file with a property of rows.
/// The table is generic, so every row runs for double and for float.
/// </summary>
internal static partial class OperationTable<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Inf = double.PositiveInfinity;
    private const double NaN = double.NaN;

    /// <summary>All rows by name: those of every property of this class that is a list of rows.</summary>
    public static IReadOnlyDictionary<string, OperationRow<T>> Rows { get; } = typeof(OperationTable<T>)
        .GetProperties(BindingFlags.Static | BindingFlags.NonPublic)
        .Where(property => property.PropertyType == typeof(OperationRow<T>[]))
        .OrderBy(property => property.Name, StringComparer.Ordinal)
        .SelectMany(property => (OperationRow<T>[])property.GetValue(null)!)
        .ToDictionary(row => row.Name);

    /// <summary>A number.</summary>
    private static T N(double value) => T.CreateChecked(value);

    /// <summary>Indices with these numbers.</summary>
    private static Indices<T> I(params int[] numbers) => Indices.Create<T>(numbers);

    /// <summary>A constant vector.</summary>
    private static Tensor<T> V(params double[] values) => Tensor.Create<T>(Array.ConvertAll(values, N));

    /// <summary>A call that must throw.</summary>
    private static BadInput<T> Throws<TException>(Func<InputOf<T>, Tensor<T>> call) where TException : Exception => new(typeof(TException), call);

    /// <summary>Two shapes that do not broadcast, and null operands.</summary>
    private static BadInput<T>[] BadPair(Func<Tensor<T>, Tensor<T>, Tensor<T>> f) =>
        [Throws<TensorShapeException>(on => f(on(2, 3), on(4))), Throws<ArgumentNullException>(on => f(on(2), null!))];
}
