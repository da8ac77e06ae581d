using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using AkkaStream.Client.Cluster;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.House;

/// <summary>
/// What an application can see of the client stands in a file, so that a change to it is seen in review. <c>APPROVE_API=1</c> writes the file anew. The messages of Kafka's protocol
/// are left out: their shape is Kafka's.
/// </summary>
public sealed class PublicApiTests
{
    private const string Protocol = "AkkaStream.Client.Protocol";

    [Fact]
    public void The_clients_public_members_are_those_that_were_approved()
    {
        var path = Path.Combine(Repository.Root, "Broker.Tests", "House", "AkkaStream.Client.api.txt");
        var now = Describe(typeof(ClusterClient).Assembly);
        if (Environment.GetEnvironmentVariable("APPROVE_API") == "1") File.WriteAllText(path, now);
        var approved = File.ReadAllText(path).Split('\n');
        var lines = now.Split('\n');
        var gone = approved.Except(lines).Select(l => "- " + l);
        var come = lines.Except(approved).Select(l => "+ " + l);
        var changes = gone.Concat(come).ToList();
        Assert.True(changes.Count == 0, $"the public API has changed (APPROVE_API=1 approves it):\n{string.Join('\n', changes)}");
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().Where(t => t.Namespace?.StartsWith(Protocol, StringComparison.Ordinal) != true).OrderBy(Name, StringComparer.Ordinal))
        {
            var supers = new[] { type.BaseType }.Concat(type.GetInterfaces()).Where(s => s is not null && s != typeof(object) && s != typeof(ValueType) && s != typeof(Enum)).Select(s => Name(s!)).Order(StringComparer.Ordinal);
            text.Append(Kind(type)).Append(' ').Append(Name(type)).Append(" : ").AppendJoin(", ", supers).Append('\n');
            foreach (var line in Members(type).Order(StringComparer.Ordinal)) text.Append(Name(type)).Append(' ').Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var member in type.GetMembers(All))
        {
            switch (member)
            {
                case ConstructorInfo made when IsSeen(made) && !made.IsDefined(typeof(CompilerGeneratedAttribute)):
                    yield return $"new({Parameters(made)})";
                    break;
                case MethodInfo method when IsSeen(method) && !method.IsDefined(typeof(CompilerGeneratedAttribute)) && !method.Name.StartsWith('<') && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)):
                    yield return $"{Static(method)}{Name(method.ReturnType)} {method.Name}{Generic(method)}({Parameters(method)})";
                    break;
                case PropertyInfo property when property.GetMethod is { } get && IsSeen(get):
                    var set = property.SetMethod is { } setter && IsSeen(setter) ? setter.ReturnParameter.GetRequiredCustomModifiers().Length > 0 ? " init;" : " set;" : "";
                    yield return $"{Static(get)}{Name(property.PropertyType)} {property.Name} {{ get;{set} }}";
                    break;
                case FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily:
                    yield return $"{(field.IsLiteral ? "const " : "")}{Name(field.FieldType)} {field.Name}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "")}";
                    break;
            }
        }
    }

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Static(MethodBase method) => method.IsStatic ? "static " : "";

    private static string Generic(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " = " + (p.DefaultValue ?? "default") : "")}"));

    private static string Name(Type type)
    {
        if (type.IsGenericParameter) return type.Name;
        if (type.IsByRef) return Name(type.GetElementType()!) + "&";
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        var isOurs = type.Namespace?.StartsWith("AkkaStream", StringComparison.Ordinal) == true;
        var name = type.DeclaringType is { } outer ? $"{Name(outer)}.{type.Name}" : isOurs ? $"{type.Namespace}.{type.Name}" : type.Name;
        var tick = name.IndexOf('`');
        if (tick >= 0) name = name[..tick];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
