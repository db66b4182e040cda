using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;
using Xunit.Sdk;
using Xunit.Abstractions;

namespace AutoDiff.Mutations;

/// <summary>One case of a test: a fact, or a theory with its arguments.</summary>
internal sealed record TestCase(MethodInfo Method, object?[] Arguments)
{
    public string Name { get; } = $"{Method.DeclaringType!.FullName}.{Method.Name}({string.Join(", ", Arguments)})";

    /// <summary>Runs the case. The result is what it threw, or null.</summary>
    public Exception? Run()
    {
        object? instance = null;
        try
        {
            Type type = Method.DeclaringType!;
            instance = Method.IsStatic ? null : Activator.CreateInstance(type, Array.ConvertAll(type.GetConstructors()[0].GetParameters(), _ => (object)new NoOutput()));
            (Method.Invoke(instance, Arguments) as Task)?.GetAwaiter().GetResult();
            return null;
        }
#pragma warning disable CA1031 // Whatever a test throws is its failure.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return (exception as TargetInvocationException)?.InnerException ?? exception;
        }
        finally
        {
            (instance as IDisposable)?.Dispose();
        }
    }

    /// <summary>All cases of an assembly whose names match, in the order of its classes.</summary>
    public static TestCase[] All(Assembly tests, Regex names) => [.. tests.GetTypes()
        .Where(type => type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false } && type.GetConstructors() is [var constructor, ..]
            && constructor.GetParameters().All(parameter => parameter.ParameterType == typeof(ITestOutputHelper)))
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetCustomAttribute<FactAttribute>() is { Skip: null } && !method.IsGenericMethodDefinition)
        .SelectMany(Cases)
        .Where(test => names.IsMatch(test.Name))];

    private static IEnumerable<TestCase> Cases(MethodInfo method)
    {
        DataAttribute[] data = [.. method.GetCustomAttributes<DataAttribute>()];
        return data.Length == 0 ? [new TestCase(method, [])] : data.SelectMany(source => source.GetData(method)).Select(row => new TestCase(method, Fitted(method, row)));
    }

    /// <summary>The arguments, with defaults for those left out and the last ones gathered where the method takes any number.</summary>
    private static object?[] Fitted(MethodInfo method, object?[] arguments)
    {
        ParameterInfo[] parameters = method.GetParameters();
        if (parameters.Length > 0 && parameters[^1].GetCustomAttribute<ParamArrayAttribute>() is not null && !(arguments.Length == parameters.Length && arguments[^1] is Array))
        {
            Array rest = Array.CreateInstance(parameters[^1].ParameterType.GetElementType()!, arguments.Length - parameters.Length + 1);
            arguments[(parameters.Length - 1)..].CopyTo(rest, 0);
            return [.. arguments[..(parameters.Length - 1)], rest];
        }

        return [.. arguments.Select((value, i) => value is not null && parameters[i].ParameterType is { IsPrimitive: true } type && type != value.GetType() ? Convert.ChangeType(value, type, null) : value),
            .. parameters[arguments.Length..].Select(parameter => parameter.DefaultValue)];
    }

    private sealed class NoOutput : ITestOutputHelper
    {
        public void WriteLine(string message)
        {
        }

        public void WriteLine(string format, params object[] args)
        {
        }
    }
}
