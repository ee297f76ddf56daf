using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace ImageApi.Client.Tests.Support;

/// <summary>Finds which types of an assembly a type of it uses: in signatures, in bases, and in the code itself.</summary>
internal static class TypeDependencies
{
    private const BindingFlags DeclaredMembers = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!).ToDictionary(static code => code.Value);

    /// <summary>The types that somebody wrote, without those inside of others.</summary>
    public static IEnumerable<Type> DeclaredTypes(Assembly assembly) => assembly.GetTypes()
        .Where(static type => type.DeclaringType is null && !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.Name.Contains('<', StringComparison.Ordinal));

    /// <summary>The types of the same assembly that a type and those inside of it use; outermost types, without itself.</summary>
    public static HashSet<Type> UsedBy(Type type)
    {
        var used = new HashSet<Type>();
        foreach (var part in WithNestedTypes(type))
        {
            Add(part.BaseType);
            part.GetInterfaces().ToList().ForEach(Add);
            part.GetFields(DeclaredMembers).ToList().ForEach(field => Add(field.FieldType));
            foreach (var method in part.GetMethods(DeclaredMembers).Cast<MethodBase>().Concat(part.GetConstructors(DeclaredMembers)))
            {
                Add((method as MethodInfo)?.ReturnType);
                method.GetParameters().ToList().ForEach(parameter => Add(parameter.ParameterType));
                method.GetMethodBody()?.LocalVariables.ToList().ForEach(local => Add(local.LocalType));
                ReferencedMembers(method).ForEach(AddMember);
            }
        }

        used.Remove(type);
        return used;

        void AddMember(MemberInfo? member)
        {
            Add(member as Type ?? member?.DeclaringType);
            if (member is MethodInfo { IsGenericMethod: true } method)
            {
                method.GetGenericArguments().ToList().ForEach(Add);
            }
        }

        void Add(Type? found)
        {
            if (found is null)
            {
                return;
            }

            if (found.HasElementType)
            {
                Add(found.GetElementType());
                return;
            }

            if (found.IsGenericType)
            {
                found.GetGenericArguments().ToList().ForEach(Add);
            }

            while (found.DeclaringType is { } outer)
            {
                found = outer;
            }

            if (found.Assembly == type.Assembly && !found.IsGenericParameter)
            {
                used.Add(found.IsGenericType ? found.GetGenericTypeDefinition() : found);
            }
        }
    }

    private static IEnumerable<Type> WithNestedTypes(Type type) => type.GetNestedTypes(DeclaredMembers).SelectMany(WithNestedTypes).Prepend(type);

    /// <summary>The members that the code of a method names.</summary>
    private static List<MemberInfo?> ReferencedMembers(MethodBase method)
    {
        var members = new List<MemberInfo?>();
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
        {
            return members;
        }

        var typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var offset = 0; offset < code.Length;)
        {
            var instruction = code[offset] == 0xFE ? OpCodesByValue[(short)(0xFE00 | code[offset + 1])] : OpCodesByValue[code[offset]];
            offset += instruction.Size;
            if (instruction.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                members.Add(method.Module.ResolveMember(BitConverter.ToInt32(code, offset), typeArguments, methodArguments));
            }

            offset += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, offset)),
                _ => 4,
            };
        }

        return members;
    }
}
