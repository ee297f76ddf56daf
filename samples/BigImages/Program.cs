using System.Diagnostics;
using BigImages;
using ImageApi.Client;

// Sends and receives pictures of 64 MiB and prints, as it goes, how much memory this process has needed at most.
// The server is a process of its own, so that its memory is not counted here.
if (args is ["serve"])
{
    await BigPictureServer.RunAsync();
    return;
}

var folder = Directory.CreateDirectory(args.FirstOrDefault() ?? "out").FullName;
using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, "serve") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
var address = new Uri((await server.StandardOutput.ReadLineAsync())!);
using var client = new ImageApiClient(new ImageApiClientOptions { BaseAddress = address, ApiKey = "any-key-will-do-here" });

var reference = Path.Combine(folder, "reference.bmp");
await BigPicture.WriteFileAsync(reference);
await client.Images.GenerateAsync(new ImageRequest { Prompt = "warm up" });

var memory = new MemoryWatch();
memory.Print("at the start");

var request = new ImageRequest
{
    Prompt = "the same at night",
    ReferenceImages = [ReferenceImage.FromFile(reference)],
    ResponseFormat = ImageResponseFormat.Base64,
};
var files = await client.Images.GenerateToFilesAsync(
    request, Path.Combine(folder, "generated.{ext}"), new SaveOptions { Overwrite = true, Progress = memory.For("64 MiB sent as base64, 64 MiB come back as base64") });
memory.Print($"{files[0].SizeInBytes:N0} bytes lie in {Path.GetFileName(files[0].Path)}");

var link = await client.Images.GenerateAsync(request with { ReferenceImages = [], ResponseFormat = ImageResponseFormat.Url });
var saved = await client.Media.SaveAsync(
    link.Images[0], Path.Combine(folder, "downloaded.bmp"), new SaveOptions { Overwrite = true, Progress = memory.For("64 MiB downloaded from a link") });
memory.Print($"{saved.SizeInBytes:N0} bytes lie in {Path.GetFileName(saved.Path)}");

await client.Files.UploadAsync(FileUpload.FromFile(reference), new TransferOptions { Progress = memory.For("64 MiB uploaded as a form") });
memory.Print("uploaded");

var inMemory = await client.Images.GenerateAsync(request with { ReferenceImages = [] });
memory.Print($"for comparison, {inMemory.Images[0].Data!.Value.Length:N0} bytes kept in memory, as GenerateAsync does");

server.StandardInput.Close();
await server.WaitForExitAsync();
