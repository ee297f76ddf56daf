using ImageApi.Client.Fuzz;
using SharpFuzz;

// fuzz TARGET: under afl-fuzz · replay TARGET FILE…: what was found, once more
if (args is ["fuzz", var fuzzed])
{
    // nothing of the instrumented library may run before the fuzzer has set its memory up
    Fuzzer.Run(stream =>
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        FuzzTargets.Find(fuzzed)!(copy.ToArray());
    });
    return 0;
}

if (args is ["replay", var replayed, .. var files] && FuzzTargets.Find(replayed) is { } again)
{
    foreach (var file in files)
    {
        again(await File.ReadAllBytesAsync(file));
    }

    Console.WriteLine($"{files.Length} inputs of {replayed} replayed");
    return 0;
}

await Console.Error.WriteLineAsync($"Usage: fuzz TARGET | replay TARGET FILE…; targets: {string.Join(", ", FuzzTargets.Names)}");
return 2;
