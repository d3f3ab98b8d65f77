/**
 * What runs inside the engine. A script runs alone and whole there, which is what makes a batch one change and a record
 * one caller's. Each is sent once and called by its hash afterwards.
 *
 * Redis refuses writes (no memory, a replica, a disk that fails) at the first command of a script that writes, never
 * later; but deleting is allowed without memory. So batches that add something begin with a command that needs memory,
 * and all others with deleting: either everything happens or nothing.
 */

/**
 * Applies a batch and tells everybody.
 *
 * Keys: schema, sequence, stamps, applied; of each collection its records, order, expiry.
 * Arguments: schema, origin, number of the batch, channel, first sequence, bytes that a message may have, number of
 * collections; of each: name, clear (0 or 1), purge (time or empty), bound (number or empty), what is required (empty, or
 * `present` or `absent`, a name and a value), number of changes; of each: kind, name, and for `put` what is stored, the
 * expiry (or empty) and whether a record has to be there to be replaced (0, or 1 and its name), for `evict` the bytes of
 * the time of writing (or empty).
 *
 * @returns the sequence that the batch has, 0 when nothing changed; a list with what is there instead when something that
 * is required is not.
 */
export const applyScript = `
local at = 0
local function argument()
  at = at + 1
  return ARGV[at]
end
local schema = argument()
local origin = argument()
local number = argument()
local channel = argument()
local first = argument()
local limit = tonumber(argument())
local collections = tonumber(argument())

local found = redis.call('GET', KEYS[1])
if found and found ~= schema then return redis.error_reply('FAIRLEADNEWER schema ' .. found) end
local applied = redis.call('GET', KEYS[4])
if applied and tonumber(applied) >= tonumber(number) then return redis.error_reply('FAIRLEADFENCED') end

local plans = {}
local puts = 0
for index = 1, collections do
  local plan = {
    name = argument(), clear = argument() == '1', purgeAt = argument(), bound = argument(),
    records = KEYS[3 * index + 2], order = KEYS[3 * index + 3], expiry = KEYS[3 * index + 4],
    put = {}, gone = {}, changed = 0,
  }
  local required = argument()
  if required ~= '' then
    local name, value = argument(), argument()
    local there = redis.call('HGET', plan.records, name)
    if required == 'absent' then
      if there then return { there } end
    elseif not there or string.sub(there, 22) ~= value then
      return { there }
    end
  end
  for change = 1, tonumber(argument()) do
    local kind = argument()
    local name = argument()
    if kind == 'put' then
      local put = { name, argument(), argument() }
      local replaced = argument() == '1' and argument()
      if replaced then
        if redis.call('HEXISTS', plan.records, replaced) == 0 then
          put = nil
        elseif replaced ~= name then
          plan.gone[#plan.gone + 1] = replaced
        end
      end
      if put then
        plan.put[#plan.put + 1] = put
        puts = puts + 1
      end
    elseif kind == 'delete' then
      plan.gone[#plan.gone + 1] = name
    else
      local writtenAt = argument()
      local value = not plan.clear and redis.call('HGET', plan.records, name)
      if value and (writtenAt == '' or string.sub(value, 2, 9) == writtenAt) then plan.gone[#plan.gone + 1] = name end
    end
  end
  plans[index] = plan
end

local begun = false
local function begin()
  if begun then return end
  begun = true
  redis.call('SET', KEYS[4], number, 'PX', 86400000)
  redis.call('SET', KEYS[1], schema)
  redis.call('SET', KEYS[2], first, 'NX')
end

local function remove(plan, names)
  for from = 1, #names, 1000 do
    local to = math.min(from + 999, #names)
    plan.changed = plan.changed + redis.call('HDEL', plan.records, unpack(names, from, to))
    redis.call('ZREM', plan.order, unpack(names, from, to))
    redis.call('ZREM', plan.expiry, unpack(names, from, to))
  end
end

if puts > 0 then begin() end
for _, plan in ipairs(plans) do
  if plan.clear then plan.changed = redis.call('DEL', plan.records, plan.order, plan.expiry) end
  if plan.purgeAt ~= '' then remove(plan, redis.call('ZRANGEBYSCORE', plan.expiry, '-inf', plan.purgeAt)) end
  remove(plan, plan.gone)
end

local sequence = 0
if puts > 0 then sequence = redis.call('INCRBY', KEYS[2], puts) - puts end
for _, plan in ipairs(plans) do
  for from = 1, #plan.put, 1000 do
    local stored, ordered, expiring, lasting = {}, {}, {}, {}
    for index = from, math.min(from + 999, #plan.put) do
      local name, value, expiresAt = unpack(plan.put[index])
      sequence = sequence + 1
      stored[#stored + 1] = name
      stored[#stored + 1] = value
      ordered[#ordered + 1] = string.format('%.0f', sequence)
      ordered[#ordered + 1] = name
      if expiresAt == '' then
        lasting[#lasting + 1] = name
      else
        expiring[#expiring + 1] = expiresAt
        expiring[#expiring + 1] = name
      end
    end
    redis.call('HSET', plan.records, unpack(stored))
    redis.call('ZADD', plan.order, unpack(ordered))
    if #expiring > 0 then redis.call('ZADD', plan.expiry, unpack(expiring)) end
    if #lasting > 0 then redis.call('ZREM', plan.expiry, unpack(lasting)) end
  end
  plan.changed = plan.changed + #plan.put
  if plan.bound ~= '' then
    local excess = redis.call('ZCARD', plan.order) - tonumber(plan.bound)
    if excess > 0 then
      local oldest = redis.call('ZRANGE', plan.order, 0, excess - 1)
      remove(plan, oldest)
      for _, name in ipairs(oldest) do plan.gone[#plan.gone + 1] = name end
    end
  end
end

local told = {}
local size = 0
local function field(list, text)
  list[#list + 1] = #text .. ':'
  list[#list + 1] = text
  size = size + #text
end
local stamp = origin .. ' ' .. number
for _, plan in ipairs(plans) do
  if plan.changed > 0 then
    begin()
    redis.call('HSET', KEYS[3], plan.name, stamp)
    local changes = {}
    for _, put in ipairs(plan.put) do
      field(changes, put[1])
      field(changes, put[2])
    end
    for _, name in ipairs(plan.gone) do
      field(changes, name)
      field(changes, '')
    end
    field(told, plan.name)
    if size > limit then
      field(told, 'reload')
      field(told, '0')
    else
      field(told, plan.clear and 'clear' or 'changes')
      field(told, tostring(#plan.put + #plan.gone))
      told[#told + 1] = table.concat(changes)
    end
  end
end
if #told == 0 then return '0' end
if puts == 0 then sequence = redis.call('INCR', KEYS[2]) end
local head = {}
field(head, origin)
field(head, stamp)
field(head, string.format('%.0f', sequence))
redis.call('PUBLISH', channel, table.concat(head) .. table.concat(told))
return string.format('%.0f', sequence)
`;

/**
 * Finds out whether a batch took effect whose answer was lost, and if not, sees to it that it never will: it may still
 * be on its way.
 *
 * Keys: applied. Arguments: number of the batch. @returns 1 when it did.
 */
export const fenceScript = `
if tonumber(redis.call('GET', KEYS[1]) or '0') >= tonumber(ARGV[1]) then return 1 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', 86400000)
return 0
`;

/**
 * Removes a record, tells everybody, and gives it to this caller.
 *
 * Keys: sequence, stamps, and the collection's records, order, expiry. Arguments: channel, collection, name, origin,
 * stamp.
 */
export const takeScript = `
local value = redis.call('HGET', KEYS[3], ARGV[3])
if not value then return false end
redis.call('HDEL', KEYS[3], ARGV[3])
redis.call('ZREM', KEYS[4], ARGV[3])
redis.call('ZREM', KEYS[5], ARGV[3])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[5])
local message = {}
for _, text in ipairs({
  ARGV[4], ARGV[5], string.format('%.0f', redis.call('INCR', KEYS[1])), ARGV[2], 'changes', '1', ARGV[3], '',
}) do
  message[#message + 1] = #text .. ':' .. text
end
redis.call('PUBLISH', ARGV[1], table.concat(message))
return value
`;

/**
 * Reads some records of a collection, the one that was written last first.
 *
 * Keys: records, order. Arguments: where to begin (a score as of ZRANGE, or +inf), largest number of records, bytes after
 * which no further record is added.
 *
 * @returns where to go on, empty at the end; then of each record its name, its sequence and what is stored.
 */
export const pageScript = `
local names = redis.call('ZREVRANGEBYSCORE', KEYS[2], ARGV[1], '-inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local reply = { '' }
local size = 0
for index = 1, #names, 2 do
  if size >= tonumber(ARGV[3]) then return reply end
  local value = redis.call('HGET', KEYS[1], names[index])
  if value then
    size = size + #value
    reply[#reply + 1] = names[index]
    reply[#reply + 1] = names[index + 1]
    reply[#reply + 1] = value
  end
  reply[1] = '(' .. names[index + 1]
end
if #names < 2 * tonumber(ARGV[2]) then reply[1] = '' end
return reply
`;
