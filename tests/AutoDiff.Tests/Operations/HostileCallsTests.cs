using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AutoDiff.Tests.Operations;

/// <summary>
/// Every public method that takes tensors or functions, at tensors that were disposed, that lie on a tape that was, on two tapes at once, and with functions that throw, or give what is of no use. A call that ends well
/// with harmless arguments is found by reflection; in it one argument after another is replaced. The call gives a result, the function's own exception, or an error of the library; after one, the tapes are as they were.
/// </summary>
public class HostileCallsTests
{
    private static readonly MethodInfo Failing = ((Func<Tape<double>, object>)Fail<object>).Method.GetGenericMethodDefinition();

    public static TheoryData<string> Names => ExtremeArgumentsTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_call_ends_and_leaves_the_tapes_as_they_were(string name) =>
        Task.Factory.StartNew(() => Check(name), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>On a thread of its own: scopes that the calls leave open end with it.</summary>
    private static void Check(string name)
    {
        var failures = new List<string>();
        foreach (ReflectedMethod method in ReflectedMethod.Of(ExtremeArgumentsTests.TypeOf(name)).Where(static method => method.Method.Name is not "Dispose"))
        {
            if (new ExtremeCalls(method).EndingWell() is var (receiver, arguments))
            {
                object?[] all = [receiver, .. arguments];
                for (int i = 0; i < all.Length; i++)
                {
                    foreach ((string kind, object? hostile, Tape<double>[] tapes) in Hostile(all[i], i == 0 ? null : method.Parameters[i - 1].ParameterType))
                    {
                        object?[] own = [.. all];
                        own[i] = hostile;
                        Call(kind, own, tapes);
                    }

                    for (int j = i + 1; j < all.Length; j++)
                    {
                        if (HasTensors(all[i]) && HasTensors(all[j]))
                        {
                            using var left = new Tape<double>();
                            using var right = new Tape<double>();
                            object?[] own = [.. all];
                            own[i] = Replace(all[i], left.Variable);
                            own[j] = Replace(all[j], right.Variable);
                            Call("two tapes", own, [left, right]);
                        }
                    }
                }

                void Call(string kind, object?[] own, Tape<double>[] tapes)
                {
                    int[] counts = Array.ConvertAll(tapes, static tape => tape.Count);
                    Exception? thrown = method.Run(own[0], own[1..]);
                    string? failure = thrown is null or HostileException ? null : ExtremeArgumentsTests.Fault(thrown);
                    failure ??= thrown is not null && !counts.SequenceEqual(Array.ConvertAll(tapes, static tape => tape.Count)) ? $"records stay on the tape after {thrown.GetType().Name}" : null;
                    if (failure is not null)
                    {
                        failures.Add($"{new ReflectedCall(method, own[0], own[1..])}, {kind}: {failure}");
                    }
                }
            }
        }

        failures.Take(30).Should().BeEmpty("{0} calls must not fail", failures.Count);
    }

    /// <summary>What may stand in place of an argument, and the tapes that it lies on.</summary>
    private static IEnumerable<(string Kind, object? Value, Tape<double>[] Tapes)> Hostile(object? value, Type? type)
    {
        if (HasTensors(value))
        {
            var tape = new Tape<double>();
            yield return ("recorded", Replace(value, tape.Variable), [tape]);
            yield return ("disposed", Replace(value, Disposed), []);
            yield return ("of a disposed tape", Replace(value, OfDisposedTape), []);
            (Tape<double> left, Tape<double> right) = (new(), new());
            int at = 0;
            object? mixed = Replace(value, x => (at++ % 2 == 0 ? left : right).Variable(x));
            if (at > 1)
            {
                yield return ("on two tapes", mixed, [left, right]);
            }
        }

        if (type is not null && typeof(Delegate).IsAssignableFrom(type))
        {
            var tape = new Tape<double>();
            MethodInfo method = type.GetMethod("Invoke")!;
            ParameterExpression[] parameters = [.. method.GetParameters().Select(static p => Expression.Parameter(p.ParameterType))];
            Expression fail = Expression.Call(Failing.MakeGenericMethod(method.ReturnType == typeof(void) ? typeof(object) : method.ReturnType), Expression.Constant(tape));
            yield return ("throws", Lambda(method.ReturnType == typeof(void) ? Expression.Block(typeof(void), fail) : fail), [tape]);
            (string, Tensor<double>)[] results =
            [
                ("gives a disposed tensor", Disposed(Tensor.Scalar(1.0))), ("gives one of a disposed tape", OfDisposedTape(Tensor.Scalar(1.0))), ("gives one of another tape", tape.Variable(2.0)),
                ("gives nothing", Tensor.Zeros<double>(0)),
            ];
            foreach ((string kind, Tensor<double> given) in results)
            {
                if (method.ReturnType == typeof(Tensor<double>) || method.ReturnType == typeof(Tensor<double>[]))
                {
                    yield return (kind, Lambda(Expression.Constant(method.ReturnType == typeof(Tensor<double>) ? given : new[] { given })), [tape]);
                }
            }

            if (method.ReturnType == typeof(Tensor<double>[]))
            {
                yield return ("gives an empty list", Lambda(Expression.Constant(Array.Empty<Tensor<double>>())), [tape]);
                yield return ("gives a list of null", Lambda(Expression.Constant(new Tensor<double>[] { null! })), [tape]);
            }

            Delegate Lambda(Expression body) => Expression.Lambda(type, body, "hostile", parameters).Compile();
        }
    }

    /// <summary>Records something on a tape of somebody else's, and fails.</summary>
    private static TResult Fail<TResult>(Tape<double> tape)
    {
        _ = tape.Variable(1.0).Sin();
        throw new HostileException();
    }

    private static Tensor<double> Disposed(Tensor<double> x)
    {
        Tensor<double> own = Tensor.Create<double>(x.ToArray(), x.Shape);
        own.Dispose();
        return own;
    }

    private static Tensor<double> OfDisposedTape(Tensor<double> x)
    {
        var tape = new Tape<double>();
        Tensor<double> y = tape.Variable(x) * 1.0;
        tape.Dispose();
        return y;
    }

    private static bool HasTensors(object? value) => value switch
    {
        Tensor<double> => true,
        TensorOrNumber<double> => false,
        Tensor<double>?[] all => all.Any(static x => x is not null),
        ITuple tuple => Enumerable.Range(0, tuple.Length).Any(i => HasTensors(tuple[i])),
        _ => false,
    };

    /// <summary>The argument with each of its tensors replaced.</summary>
    private static object? Replace(object? value, Func<Tensor<double>, Tensor<double>> by) => value switch
    {
        Tensor<double> x => by(x.Detach()),
        Tensor<double>?[] all => Array.ConvertAll(all, x => x is null ? null : by(x.Detach())),
        ITuple tuple => Activator.CreateInstance(value.GetType(), [.. Enumerable.Range(0, tuple.Length).Select(i => Replace(tuple[i], by))]),
        _ => value,
    };

    /// <summary>What a function of the user throws.</summary>
    private sealed class HostileException : Exception;
}
