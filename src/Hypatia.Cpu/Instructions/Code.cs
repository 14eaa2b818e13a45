using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace Hypatia.Cpu.Instructions;

/// <summary>Shorthand for writing IL.</summary>
internal static class Code
{
    private static readonly ConcurrentDictionary<Overload, MethodInfo> Methods = new();

    private sealed record Overload(Type Owner, string Name, int Parameters, Type Parameter);

    /// <summary>Pushes an int64.</summary>
    public static void Push(this ILGenerator il, long value)
    {
        if (value is >= int.MinValue and <= int.MaxValue)
        {
            il.Emit(OpCodes.Ldc_I4, (int)value);
            il.Emit(OpCodes.Conv_I8);
        }
        else
        {
            il.Emit(OpCodes.Ldc_I8, value);
        }
    }

    /// <summary>Multiplies the int64 on the stack.</summary>
    public static void Times(this ILGenerator il, long factor)
    {
        if (factor != 1)
        {
            il.Push(factor);
            il.Emit(OpCodes.Mul);
        }
    }

    /// <summary>Adds to the int64, or to the address, on the stack.</summary>
    public static void Plus(this ILGenerator il, long term, bool asAddress = false)
    {
        if (term != 0)
        {
            il.Push(term);
            if (asAddress)
            {
                il.Emit(OpCodes.Conv_I);
            }

            il.Emit(OpCodes.Add);
        }
    }

    /// <summary>Calls the static method of a name whose parameters all are of one type.</summary>
    public static void Call(this ILGenerator il, Type type, string name, int parameters, Type parameter) =>
        il.Emit(OpCodes.Call, Methods.GetOrAdd(new Overload(type, name, parameters, parameter), static key =>
            key.Owner.GetMethod(key.Name, [.. Enumerable.Repeat(key.Parameter, key.Parameters)])
            ?? throw new CompilerException($"{key.Owner.Name}.{key.Name} has no overload of {key.Parameter.Name}.")));

    /// <summary>Pushes an element from the address on the stack.</summary>
    public static void LoadElement(this ILGenerator il, DType dtype)
    {
        il.Emit(dtype switch
        {
            DType.Bool or DType.UInt8 => OpCodes.Ldind_U1,
            DType.Int8 => OpCodes.Ldind_I1,
            DType.Int16 => OpCodes.Ldind_I2,
            DType.UInt16 => OpCodes.Ldind_U2,
            DType.Int32 => OpCodes.Ldind_I4,
            DType.UInt32 => OpCodes.Ldind_U4,
            DType.Int64 or DType.UInt64 => OpCodes.Ldind_I8,
            DType.Float32 => OpCodes.Ldind_R4,
            DType.Float64 => OpCodes.Ldind_R8,
            _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, null),
        });
        if (dtype == DType.Bool)
        {
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Cgt_Un);                        // any byte but 0 is true
        }
    }

    /// <summary>Stores the element on the stack to the address below it.</summary>
    public static void StoreElement(this ILGenerator il, DType dtype) => il.Emit(dtype switch
    {
        DType.Bool or DType.Int8 or DType.UInt8 => OpCodes.Stind_I1,
        DType.Int16 or DType.UInt16 => OpCodes.Stind_I2,
        DType.Int32 or DType.UInt32 => OpCodes.Stind_I4,
        DType.Int64 or DType.UInt64 => OpCodes.Stind_I8,
        DType.Float32 => OpCodes.Stind_R4,
        DType.Float64 => OpCodes.Stind_R8,
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, null),
    });
}
