using ImageApi.Client.Fuzz;
using SharpFuzz;

// fuzz TARGET: under afl-fuzz · replay TARGET FILE…: what was found, once more
if (args is ["fuzz", var fuzzTarget])
{
    // nothing of the instrumented library may run before the fuzzer has set its memory up
    Fuzzer.Run(stream =>
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        FuzzTargets.Find(fuzzTarget)!(copy.ToArray());
    });
    return 0;
}

if (args is ["replay", var replayTarget, .. var files] && FuzzTargets.Find(replayTarget) is { } replay)
{
    foreach (var file in files)
    {
        replay(await File.ReadAllBytesAsync(file));
    }

    Console.WriteLine($"{files.Length} inputs of {replayTarget} replayed");
    return 0;
}

await Console.Error.WriteLineAsync($"Usage: fuzz TARGET | replay TARGET FILE…; targets: {string.Join(", ", FuzzTargets.Names)}");
return 2;
