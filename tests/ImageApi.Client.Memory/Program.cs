using System.Globalization;
using System.Text.Json;
using ImageApi.Client;

// Does one job in a process of its own, whose heap the tests limit: what needs more memory than that dies here.
if (args is not [var job, var address, var directory])
{
    await Console.Error.WriteLineAsync("Usage: files|save|reference|upload|naive ADDRESS DIRECTORY");
    return 2;
}

var request = new ImageRequest { Prompt = "a fox", ResponseFormat = ImageResponseFormat.Base64 };
using var client = new ImageApiClient(new ImageApiClientOptions { BaseAddress = new Uri(address), ApiKey = "test-key-0123456789abcdef" });
switch (job)
{
    case "files":
        await Task.WhenAll(Enumerable.Range(1, 4).Select(number => client.Images.GenerateToFilesAsync(request, Path.Combine(directory, $"{number}.png"))));
        break;
    case "save":
        await client.Media.SaveAsync(new GeneratedMedia { Url = address + "large.png" }, Path.Combine(directory, "large.png"));
        break;
    case "reference":
        await client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox", ReferenceImages = [ReferenceImage.FromFile(Path.Combine(directory, "reference.png"))] });
        break;
    case "upload":
        await client.Files.UploadAsync(FileUpload.FromFile(Path.Combine(directory, "reference.png")));
        break;
    case "naive":
        using (var http = new HttpClient())
        {
            using var content = new StringContent("{}");
            using var response = await http.PostAsync(new Uri(address + "v1/images/generations"), content);
            using var result = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            await File.WriteAllBytesAsync(Path.Combine(directory, "naive.png"), result.RootElement.GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64());
        }

        break;
    default:
        return 2;
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"allocated_mib={GC.GetTotalAllocatedBytes() / 1048576.0:0.0}"));
return 0;
