using System.Reflection;
using AutoDiff.Tests.Operations;

namespace AutoDiff.Tests.Docs;

/// <summary>
/// Every argument of which a comment says that null is refused: of a call that ends well each is replaced by null, and the error names it. Types, methods and arguments are found by reflection.
/// </summary>
public class DocumentedNullsTests
{
    private static int checkedArguments;

    public static TheoryData<string> Names => ExtremeArgumentsTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public Task What_is_said_to_be_refused_is_refused(string name) =>
        Task.Factory.StartNew(() => Check(name), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>On a thread of its own: scopes that the calls leave open end with it.</summary>
    private static void Check(string name)
    {
        var wrong = new List<string>();
        foreach (ReflectedMethod method in ReflectedMethod.Of(ExtremeArgumentsTests.TypeOf(name)))
        {
            string[] said = [.. DocumentedErrors.Texts(method.Method, typeof(ArgumentNullException)).SelectMany(DocumentedErrors.SaidToBeNull)];
            if (said.Length == 0 || new ExtremeCalls(method).EndingWell() is not var (receiver, arguments))
            {
                continue;
            }

            for (int i = 0; i < arguments.Length; i++)
            {
                ParameterInfo parameter = method.Parameters[i];
                if (said.Contains(parameter.Name) && !parameter.ParameterType.IsValueType)
                {
                    object?[] own = [.. arguments];
                    own[i] = null;
                    if (method.Run(receiver, own) is not ArgumentNullException { ParamName: { } named } || named != parameter.Name)
                    {
                        wrong.Add($"{method}: {parameter.Name}");
                    }

                    Interlocked.Increment(ref checkedArguments);
                }
            }
        }

        wrong.Should().BeEmpty("its comment says that null is an error");
    }

    [Fact]
    public void Arguments_are_found()
    {
        Check("Differentiate");
        checkedArguments.Should().BeGreaterThan(100);
    }
}
