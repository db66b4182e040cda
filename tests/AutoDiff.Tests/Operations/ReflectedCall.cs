using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace AutoDiff.Tests.Operations;

/// <summary>A public method, found by reflection, that can be called with boxed arguments; spans are given as arrays.</summary>
internal sealed class ReflectedMethod
{
    private readonly Func<object?, object?[], object?> invoke;

    public ReflectedMethod(MethodBase method)
    {
        Method = method;
        Parameters = [.. method.GetParameters().Where(p => !p.IsOut)];
        invoke = Compile(method);
    }

    public MethodBase Method { get; }

    /// <summary>The parameters that take a value.</summary>
    public ParameterInfo[] Parameters { get; }

    /// <summary>Calls the method, and gives the exception that it ended with.</summary>
    public Exception? Run(object? receiver, object?[] arguments)
    {
        try
        {
            invoke(receiver, arguments);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    public override string ToString() => $"{Method.DeclaringType!.Name}.{Method.Name}({string.Join(", ", Parameters.Select(p => p.ParameterType.Name))})";

    /// <summary>The methods of a public type, those of doubles where they are generic. Those by which records compare and copy themselves are the compiler's.</summary>
    public static IEnumerable<ReflectedMethod> Of(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        string[] compilers = ["<Clone>$", "Equals", "GetHashCode", "Deconstruct", "op_Equality", "op_Inequality"];
        foreach (MethodInfo method in type.GetMethods(All).Where(method => !method.IsAbstract && !compilers.Contains(method.Name)))
        {
            if (Close(method) is { } closed)
            {
                yield return new ReflectedMethod(closed);
            }
        }

        foreach (ConstructorInfo constructor in type.IsAbstract ? [] : type.GetConstructors())
        {
            yield return new ReflectedMethod(constructor);
        }
    }

    /// <summary>The method of doubles where it is generic; null where it has parameters that are not numbers.</summary>
    private static MethodInfo? Close(MethodInfo method)
    {
        if (!method.ContainsGenericParameters)
        {
            return method;
        }

        Type[] parameters = method.GetGenericArguments();
        return parameters.Length == 1 && parameters[0].GetGenericParameterConstraints().Any(c => c.Name.StartsWith("IBinaryFloatingPointIeee754", StringComparison.Ordinal))
            ? method.MakeGenericMethod(typeof(double))
            : null;
    }

    /// <summary>Reflection itself takes no spans: a stub that makes them of arrays.</summary>
    private static Func<object?, object?[], object?> Compile(MethodBase method)
    {
        var stub = new DynamicMethod(method.Name, typeof(object), [typeof(object), typeof(object[])], typeof(ReflectedMethod).Module, skipVisibility: true);
        ILGenerator il = stub.GetILGenerator();
        if (!method.IsStatic && method is MethodInfo)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(method.DeclaringType!.IsValueType ? OpCodes.Unbox : OpCodes.Castclass, method.DeclaringType);
        }

        int i = 0;
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            Type type = parameter.ParameterType;
            if (parameter.IsOut)
            {
                il.Emit(OpCodes.Ldloca, il.DeclareLocal(type.GetElementType()!));
                continue;
            }

            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, i++);
            il.Emit(OpCodes.Ldelem_Ref);
            if (type.IsByRefLike)
            {
                Type array = type.GetGenericArguments()[0].MakeArrayType();
                il.Emit(OpCodes.Castclass, array);
                il.Emit(OpCodes.Call, type.GetMethod("op_Implicit", [array])!);
            }
            else
            {
                il.Emit(OpCodes.Unbox_Any, type);
            }
        }

        Type result = method is ConstructorInfo ? method.DeclaringType! : ((MethodInfo)method).ReturnType;
        if (method is ConstructorInfo constructor)
        {
            il.Emit(OpCodes.Newobj, constructor);
        }
        else
        {
            il.Emit(method.IsStatic || method.DeclaringType!.IsValueType ? OpCodes.Call : OpCodes.Callvirt, (MethodInfo)method);
        }

        if (result == typeof(void))
        {
            il.Emit(OpCodes.Ldnull);
        }
        else if (result.IsByRefLike)
        {
            il.Emit(OpCodes.Pop);
            il.Emit(OpCodes.Ldnull);
        }
        else if (result.IsValueType)
        {
            il.Emit(OpCodes.Box, result);
        }

        il.Emit(OpCodes.Ret);
        return stub.CreateDelegate<Func<object?, object?[], object?>>();
    }
}

/// <summary>A call of a method, as text.</summary>
internal sealed class ReflectedCall(ReflectedMethod method, object? receiver, object?[] arguments)
{
    /// <summary>Makes the call, and gives the exception that it ended with.</summary>
    public Exception? Run() => method.Run(receiver, arguments);

    /// <summary>
    /// Whether an exception names the argument at fault: a parameter of the method, the property that is set, or what the object was made of, such as its function. Shapes that do not fit one another
    /// are nobody's fault alone.
    /// </summary>
    public bool Names(ArgumentException exception) => exception is TensorShapeException ? exception.ParamName is null
        : Array.Exists(method.Parameters, own => own.Name == exception.ParamName) || method.Method.Name == $"set_{exception.ParamName}"
            || (receiver is not null && receiver.GetType().GetConstructors().Any(made => made.GetParameters().Any(own => own.Name == exception.ParamName)));

    public override string ToString() =>
        $"{(receiver is null ? method.Method.DeclaringType!.Name : Name(receiver))}.{method.Method.Name}({string.Join(", ", arguments.Select((value, i) => $"{method.Parameters[i].Name}: {Name(value)}"))})";

    private static string Name(object? value) => value switch
    {
        null => "null",
        Tensor<double> x => "tensor" + Text(x.Shape.ToArray()),
        int[] numbers => Text(numbers),
        string text => $"\"{text}\"",
        Array array => "[" + string.Join(", ", array.Cast<object?>().Take(4).Select(Name)) + "]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        ITuple tuple => "(" + string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Name(tuple[i]))) + ")",
        Delegate f => f.Method.Name is { Length: > 0 } name ? name : "function",
        _ => value.ToString() ?? "",
    };

    private static string Text(int[] numbers) =>
        "[" + string.Join(", ", numbers.Take(5).Select(n => n.ToString(CultureInfo.InvariantCulture))) + (numbers.Length > 5 ? $", ... {numbers.Length}" : "") + "]";
}
